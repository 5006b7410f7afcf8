import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'conflict-without-the-first',
  defects: ['IDEM-04', 'IDEM-09'],
  sentence: 'The refusal of a PIN that is taken does not say by what, not even to who made that.',
  hard: null,
  hooks: () => ({ problem: (_given, honest) => (honest.name === 'pin-taken' ? { ...honest, first: null } : honest) }),
};
