import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'duress-told-of-every-code',
  defects: ['EVT-31'],
  sentence: 'Each code that opens is told as one under duress.',
  hard: null,
  hooks: () => ({
    'use.duress': () => true,
  }),
};
