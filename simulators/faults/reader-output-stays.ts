import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-output-stays',
  defects: ['LINK-24'],
  sentence: 'A wired reader says that its output is switched, and leaves it as it is.',
  hard: null,
  hooks: () => ({ 'reader.release': () => false }),
};
