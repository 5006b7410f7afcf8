import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'removed-key-back-after-power',
  defects: ['LINK-04'],
  sentence: 'After a loss of power a key of the link is back that was removed since the last start.',
  hard: 'step',
  hooks: () => ({ 'link.restore': ({ keys, removed }) => new Map([...removed, ...keys]) }),
};
