import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'session-outlives-key',
  defects: ['REV-16'],
  sentence: 'A session on the lock’s own link goes on after its key was removed or exchanged.',
  hard: 'step',
  hooks: () => ({ 'link.live': ({ over }, honest) => honest || over === 'key-gone' }),
};
