import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'passage-relocks',
  defects: ['STATE-12'],
  sentence: 'In the mode passage the bolt throws itself all the same.',
  hard: 'timing',
  hooks: () => ({
    'mode.allows': ({ way }, honest) => honest || way === 'relock',
  }),
};
