import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'stated-time-cut-short',
  defects: ['STATE-12'],
  sentence: 'A bolt that was drawn for a stated time is thrown when half of that is over.',
  hard: 'timing',
  hooks: () => ({ 'bolt.stated': (_given, honest) => (honest === null ? null : honest / 2) }),
};
