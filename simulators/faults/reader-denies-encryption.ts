import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-denies-encryption',
  defects: ['LINK-09'],
  sentence: 'A wired reader that has a secure channel tells whoever asks in clear that it has none.',
  hard: null,
  hooks: () => ({ 'reader.tells': ({ isInSession }) => isInSession }),
};
