import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'push-follows-redirect',
  defects: ['TLS-07'],
  sentence: 'What is pushed to a webhook goes wherever its receiver points to next.',
  hard: null,
  hooks: () => ({ 'webhook.follow': () => true }),
};
