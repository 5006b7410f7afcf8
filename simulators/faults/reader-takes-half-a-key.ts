import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-takes-half-a-key',
  defects: ['LINK-13'],
  sentence: 'A wired reader takes a key that is shorter than its cipher needs, and has zeros in the place of the rest.',
  hard: null,
  hooks: () => ({ 'reader.length': () => true }),
};
