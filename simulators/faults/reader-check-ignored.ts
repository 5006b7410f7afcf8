import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-check-ignored',
  defects: ['LINK-20'],
  sentence: 'A wired reader hears packets whose check says that they were changed on their way.',
  hard: null,
  hooks: () => ({ 'reader.check': () => true }),
};
