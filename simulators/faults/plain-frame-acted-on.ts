import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'plain-frame-acted-on',
  defects: ['LINK-01', 'LINK-08'],
  sentence: 'A frame that is not encrypted is acted on in an encrypted session.',
  hard: null,
  hooks: () => ({ 'link.frame': ({ sealed }, honest) => honest || !sealed }),
};
