import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'read-hangs',
  defects: ['ERR-07', 'AUTH-07'],
  sentence: 'The reading of a user is answered after a minute.',
  hard: null,
  hooks: () => ({ answer: ({ route }, honest) => (route === 'readUser' ? { ...honest, delayMs: 60_000 } : honest) }),
};
