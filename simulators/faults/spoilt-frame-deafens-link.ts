import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'spoilt-frame-deafens-link',
  defects: ['LINK-20'],
  sentence: 'After a frame with a wrong CRC nothing is heard on the lock’s own link until it is opened anew.',
  hard: 'step',
  hooks: () => ({ 'link.hears': ({ after }, honest) => honest && after !== 'spoilt' }),
};
