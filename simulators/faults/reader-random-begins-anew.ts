import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-random-begins-anew',
  defects: ['LINK-04'],
  sentence:
    'A wired reader begins its random numbers anew with each loss of power: its first session after it is the same again.',
  hard: null,
  hooks: () => ({ 'reader.random': ({ isFresh }, honest) => (isFresh ? honest.map((_, i) => i) : honest) }),
};
