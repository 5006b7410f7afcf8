import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-pulse-stays',
  defects: ['LINK-24'],
  sentence: 'An output of a wired reader that is switched on for a time stays on.',
  hard: null,
  hooks: () => ({ 'reader.back': () => false }),
};
