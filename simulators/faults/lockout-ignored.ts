import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'lockout-ignored',
  defects: ['LINK-22'],
  sentence: 'Wrong codes are counted and never lock out.',
  hard: null,
  hooks: () => ({ lockout: (_given, honest) => ({ ...honest, leftMs: 0 }) }),
};
