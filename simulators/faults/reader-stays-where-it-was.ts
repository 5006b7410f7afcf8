import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-stays-where-it-was',
  defects: ['LINK-18'],
  sentence: 'A wired reader that is given another address says so and stays where it was.',
  hard: null,
  hooks: () => ({ 'reader.moves': () => false }),
};
