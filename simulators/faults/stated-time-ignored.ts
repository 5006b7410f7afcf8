import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'stated-time-ignored',
  defects: ['STATE-12'],
  sentence: 'An unlock for a stated time is done as any other.',
  hard: 'timing',
  hooks: () => ({ 'bolt.stated': () => null }),
};
