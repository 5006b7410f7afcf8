import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'no-way-out-with-flat-battery',
  defects: ['OFF-08'],
  sentence: 'With a flat battery the inside handle no longer draws the bolt.',
  hard: null,
  hooks: () => ({
    'hand.turn': ({ from, to, motorWorks }, honest) => (to === 'unlocked' && !motorWorks ? from : honest),
  }),
};
