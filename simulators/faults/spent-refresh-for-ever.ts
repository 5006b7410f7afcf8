import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'spent-refresh-for-ever',
  defects: ['AUTH-04'],
  sentence: 'A spent refresh token works for ever.',
  hard: 'timing',
  hooks: () => ({
    'token.refresh': ({ record }, honest) => (record && record.revokedMs === null && honest === 'refuse' ? 'repeat' : honest),
  }),
};
