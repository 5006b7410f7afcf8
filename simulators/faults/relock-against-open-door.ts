import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'relock-against-open-door',
  defects: ['OFF-08'],
  sentence: 'The bolt is thrown after its time whether or not the door is closed.',
  hard: 'timing',
  hooks: () => ({ relock: ({ bolt, motorWorks, autoRelockMs }) => (bolt === 'unlocked' && motorWorks ? autoRelockMs : null) }),
};
