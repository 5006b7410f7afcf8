import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-proof-taken-again',
  defects: ['LINK-04'],
  sentence: 'A wired reader keeps what was agreed on with a panel, and takes the same proof again without a new challenge.',
  hard: null,
  hooks: () => ({ 'reader.challenge': () => false }),
};
