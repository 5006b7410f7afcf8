import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'privacy-outlives-hand',
  defects: ['O19', 'STATE-12'],
  sentence: 'Privacy goes on after the hand inside has drawn the bolt.',
  hard: null,
  hooks: () => ({
    'mode.turned': ({ mode }) => mode,
  }),
};
