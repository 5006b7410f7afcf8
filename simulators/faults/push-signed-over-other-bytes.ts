import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'push-signed-over-other-bytes',
  defects: ['TLS-06'],
  sentence: 'Webhooks are signed over a body that is spelled otherwise than the one sent.',
  hard: null,
  hooks: () => ({ 'webhook.sign': (_given, honest) => ({ ...honest, body: `${honest.body}\n` }) }),
};
