import { asked, itemsOf, meddled, routeOf, withReply } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** The feed is paged by instants that are rounded: a page ends at its first event, and the next begins after all of it. */
export const fault: SeamFault = {
  name: 'feed-skips',
  defects: ['EVT-30'],
  sentence: 'Of events within the same ten milliseconds only the first is ever listed.',
  wrap: (inner) => {
    const first = new Map<unknown, unknown>();
    return meddled(inner, async (request, ask) => {
      const got = await ask(request);
      if (routeOf(request) !== '/events/list' || asked(request)['since'] === undefined) return got;
      return withReply(got, (body) => ({
        ...body,
        events: itemsOf(body, 'events').filter((event) => {
          // Ten ms stand for one page: what falls into it after its first event is skipped.
          const page = String(event['created_at']).slice(0, -2);
          if (!first.has(page)) first.set(page, event['event_id']);
          return first.get(page) === event['event_id'];
        }),
      }));
    });
  },
};
