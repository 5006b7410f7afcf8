import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'seal-of-frame-unchecked',
  defects: ['LINK-05'],
  sentence: 'A frame with a broken seal is acted on all the same.',
  hard: null,
  hooks: () => ({ 'link.frame': ({ sealed, seq, newest }, honest) => honest || (sealed && seq > newest) }),
};
