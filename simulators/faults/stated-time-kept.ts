import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'stated-time-kept',
  defects: ['STATE-12'],
  sentence: 'The time that was stated for one opening holds for the next one too.',
  hard: 'timing',
  hooks: () => {
    let last: number | null = null;
    return {
      'bolt.stated': ({ forMs }, honest) => {
        last = forMs ?? last;
        return honest ?? last;
      },
    };
  },
};
