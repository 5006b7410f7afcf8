import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'key-answers-anything',
  defects: ['IDEM-07'],
  sentence: 'Another request under a used key gets the answer of the first.',
  hard: null,
  hooks: () => ({ idempotency: ({ found }, honest) => (found && honest === 'conflict' ? 'repeat' : honest) }),
};
