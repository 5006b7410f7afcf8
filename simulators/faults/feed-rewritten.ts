import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'feed-rewritten',
  defects: ['EVT-10'],
  sentence: 'When the next event comes, the method of the one before it is filled in anew: what was read has changed.',
  hard: null,
  hooks: () => ({
    'feed.read': ({ events }, honest) => {
      const newest = events.at(-1)?.view.id;
      return {
        ...honest,
        events: honest.events.map((event) =>
          event.id === newest && event.method !== null ? { ...event, method: 'unknown' as const } : event,
        ),
      };
    },
  }),
};
