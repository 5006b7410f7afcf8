import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'keypad-open-on-vacation',
  defects: ['O19'],
  sentence: 'In the mode vacation codes go on opening at the keypad.',
  hard: null,
  hooks: () => ({
    'mode.allows': ({ mode, way }, honest) => honest || (mode === 'vacation' && way === 'code'),
  }),
};
