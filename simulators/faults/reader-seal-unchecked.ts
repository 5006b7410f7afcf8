import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-seal-unchecked',
  defects: ['LINK-13'],
  sentence: 'A wired reader does what is sealed, whoever sealed it.',
  hard: null,
  hooks: () => ({ 'reader.seal': () => true }),
};
