import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'spell-stored-not-kept',
  defects: ['STATE-12'],
  sentence: 'The lock stores a mode that is set for a time, and stays in the mode that was set by hand.',
  hard: null,
  hooks: () => ({
    'mode.in-force': ({ set }) => set,
  }),
};
