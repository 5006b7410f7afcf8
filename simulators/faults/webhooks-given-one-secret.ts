import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'webhooks-given-one-secret',
  defects: ['TLS-06'],
  sentence: 'Every webhook is given the secret of the first, so that none can be exchanged.',
  hard: null,
  hooks() {
    let first: string | null = null;
    return { 'webhook.secret': (_given, honest) => (first ??= honest) };
  },
};
