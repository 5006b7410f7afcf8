import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'repeated-frame-acted-on',
  defects: ['LINK-04', 'LINK-14'],
  sentence: 'Frames on the lock’s own link are acted on again when they are sent again.',
  hard: null,
  hooks: () => ({ 'link.frame': ({ sealed, authentic }, honest) => honest || (sealed && authentic) }),
};
