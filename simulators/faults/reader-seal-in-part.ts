import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-seal-in-part',
  defects: ['LINK-13'],
  sentence: 'Of the seal of a packet a wired reader compares the first byte only.',
  hard: null,
  hooks: () => ({ 'reader.seal': ({ isRightAtFirst }) => isRightAtFirst }),
};
