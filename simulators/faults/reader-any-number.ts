import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-any-number',
  defects: ['LINK-13'],
  sentence: 'A wired reader does what comes under a number that is not the next.',
  hard: null,
  hooks: () => ({ 'reader.number': () => true }),
};
