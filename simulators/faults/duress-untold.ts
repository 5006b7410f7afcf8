import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'duress-untold',
  defects: ['EVT-31'],
  sentence: 'A code for duress opens as any other, and nobody is told.',
  hard: null,
  hooks: () => ({
    'use.duress': () => false,
  }),
};
