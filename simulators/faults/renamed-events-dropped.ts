import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'renamed-events-dropped',
  defects: ['FW-01', 'EVT-21', 'EVT-22'],
  sentence: 'Events that newer firmware spells otherwise are dropped in silence.',
  hard: null,
  hooks: () => ({
    'event.build': ({ payload, lock }, honest) =>
      lock.status?.firmware !== undefined && payload.format !== 'v1' && honest?.verb === 'lock.unlocked' ? null : honest,
  }),
};
