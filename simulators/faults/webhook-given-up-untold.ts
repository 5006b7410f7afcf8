import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'webhook-given-up-untold',
  defects: ['TLS-08'],
  sentence: 'A webhook that nobody took events from is switched off, and no event says so.',
  hard: null,
  hooks: () => ({ 'webhook.off': () => 'untold' }),
};
