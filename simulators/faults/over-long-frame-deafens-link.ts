import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'over-long-frame-deafens-link',
  defects: ['LINK-19'],
  sentence: 'After a frame that is too long nothing is heard on the lock’s own link until it is opened anew.',
  hard: 'step',
  hooks: () => ({ 'link.hears': ({ after }, honest) => honest && after !== 'over-long' }),
};
