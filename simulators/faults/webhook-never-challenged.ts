import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'webhook-never-challenged',
  defects: ['TLS-05'],
  sentence: 'Events are pushed to any URL that somebody names, wanted there or not.',
  hard: null,
  hooks: () => ({ 'webhook.challenge': () => false }),
};
