import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'passage-never-ends',
  defects: ['STATE-12'],
  sentence: 'Once the lock was in the mode passage, its bolt never throws itself again.',
  hard: 'timing',
  hooks: () => {
    let was = false;
    return {
      'mode.allows': ({ mode, way }, honest) => {
        was ||= mode === 'passage';
        return way === 'relock' && was ? false : honest;
      },
    };
  },
};
