import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-proof-unchecked',
  defects: ['LINK-09'],
  sentence: 'A wired reader opens a session to whoever asks for one, whatever proof he gives.',
  hard: null,
  hooks: () => ({ 'reader.proof': () => true }),
};
