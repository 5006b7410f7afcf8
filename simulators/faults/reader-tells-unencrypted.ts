import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-tells-unencrypted',
  defects: ['LINK-08'],
  sentence: 'In a session a wired reader seals what it tells, and does not encrypt it.',
  hard: null,
  hooks: () => ({ 'reader.hides': () => false }),
};
