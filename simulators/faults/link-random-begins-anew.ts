import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'link-random-begins-anew',
  defects: ['LINK-04'],
  sentence:
    'A lock begins its random numbers anew with each loss of power: the first session on its link after it is the same again.',
  hard: null,
  hooks: () => ({ 'link.random': ({ isFresh }, honest) => (isFresh ? honest.map((_, i) => i) : honest) }),
};
