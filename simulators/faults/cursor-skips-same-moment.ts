import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'cursor-skips-same-moment',
  defects: ['EVT-30'],
  sentence: 'Of events recorded in the same millisecond a cursor reads only the last.',
  hard: 'interleaving',
  hooks: () => ({
    'feed.read': (_given, honest) => ({
      ...honest,
      events: honest.events.filter(
        (event, i) => honest.events[i + 1]?.platformMs !== event.platformMs || honest.events[i + 1]?.verb === event.verb,
      ),
    }),
  }),
};
