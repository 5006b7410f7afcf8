import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'no-remote-shuts-keypad',
  defects: ['O19'],
  sentence: 'In the mode no-remote codes no longer open either.',
  hard: null,
  hooks: () => ({
    'mode.allows': ({ mode, way }, honest) => honest && !(mode === 'no-remote' && way === 'code'),
  }),
};
