import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'guess-never-given-up',
  defects: ['STATE-01', 'STATE-09'],
  sentence: 'The lock reports the position that it was last told to take, whatever hands have done since.',
  hard: null,
  hooks: () => {
    let told: 'locked' | 'unlocked' = 'locked';
    return {
      'bolt.report': ({ wanted, during }, honest) => {
        told = wanted ?? told;
        return during === 'status' ? told : honest;
      },
    };
  },
};
