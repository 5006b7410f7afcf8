import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'session-outlives-power',
  defects: ['LINK-04'],
  sentence: 'A session on the lock’s own link goes on after a loss of power.',
  hard: 'step',
  hooks: () => ({ 'link.live': ({ over }, honest) => honest || over === 'power-lost' }),
};
