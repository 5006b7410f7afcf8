import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-without-crc',
  defects: ['LINK-20'],
  sentence: 'A wired reader understands packets under a checksum only, in a secure channel too.',
  hard: null,
  hooks: () => ({ 'reader.crc': () => false }),
};
