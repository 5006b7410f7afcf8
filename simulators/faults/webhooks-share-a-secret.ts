import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'webhooks-share-a-secret',
  defects: ['TLS-06'],
  sentence: 'What is pushed to any webhook is signed with the secret of the first.',
  hard: null,
  hooks() {
    let first: string | null = null;
    return {
      'webhook.sign'({ webhook }, honest) {
        first ??= webhook.secret;
        return { ...honest, secret: first };
      },
    };
  },
};
