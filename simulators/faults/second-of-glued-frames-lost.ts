import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'second-of-glued-frames-lost',
  defects: ['LINK-20'],
  sentence: 'Of two frames that come in one piece the second is lost.',
  hard: 'timing',
  hooks: () => ({ 'link.frame': ({ nth }, honest) => honest && nth === 0 }),
};
