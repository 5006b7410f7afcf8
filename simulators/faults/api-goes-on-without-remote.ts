import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'api-goes-on-without-remote',
  defects: ['O19'],
  sentence: 'In the mode no-remote the lock goes on carrying out what the API asks.',
  hard: null,
  hooks: () => ({
    'mode.allows': ({ mode, way }, honest) => honest || (mode === 'no-remote' && way === 'remote'),
  }),
};
