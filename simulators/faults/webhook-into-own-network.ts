import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'webhook-into-own-network',
  defects: ['TLS-04'],
  sentence: 'A webhook is taken for any URL whatever.',
  hard: null,
  hooks: () => ({
    'request.validate': ({ route }, honest) => (route === 'addWebhook' ? null : honest),
  }),
};
