import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'feed-forgets-its-beginning',
  defects: ['EVT-03', 'EVT-19'],
  sentence: 'Whoever reads the feed from its beginning is not shown the oldest event once there are many.',
  hard: 'long',
  hooks: () => ({
    'feed.read': ({ after }, honest) =>
      after === 0 && honest.events.length > 12 ? { ...honest, events: honest.events.slice(1) } : honest,
  }),
};
