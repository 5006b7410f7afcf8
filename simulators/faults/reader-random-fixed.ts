import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-random-fixed',
  defects: ['LINK-13'],
  sentence: 'The random number of a wired reader is always the same, so that whole sessions can be sent again.',
  hard: null,
  hooks: () => ({ 'reader.random': () => new Uint8Array(8) }),
};
