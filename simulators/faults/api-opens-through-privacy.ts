import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'api-opens-through-privacy',
  defects: ['O19'],
  sentence: 'In the mode privacy the lock goes on carrying out what the API asks.',
  hard: null,
  hooks: () => ({
    'mode.allows': ({ mode, way }, honest) => honest || (mode === 'privacy' && way === 'remote'),
  }),
};
