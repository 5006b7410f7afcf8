import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'refresh-ends-session',
  defects: ['AUTH-06'],
  sentence: 'A refresh token that comes twice ends the session at once, though the first answer may be lost.',
  hard: 'interleaving',
  hooks: () => ({
    'token.refresh': ({ record }, honest) => (record?.spentMs !== null && honest === 'repeat' ? 'refuse' : honest),
  }),
};
