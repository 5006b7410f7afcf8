import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'old-frames-accepted',
  defects: ['LINK-14', 'OFF-01'],
  sentence: 'A message that was overtaken on its way is carried out when it arrives.',
  hard: 'interleaving',
  hooks: () => ({ 'frame.accept': () => true }),
};
