import { itemsOf, meddled, routeOf, withReply } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** The provider tells some acts twice, and the second telling becomes an event of its own. */
export const fault: SeamFault = {
  name: 'event-repeated',
  defects: ['EVT-03', 'EVT-25'],
  sentence: 'Every second act is in the feed twice, under two ids.',
  wrap: (inner, random) => {
    const twice = new Map<unknown, boolean>();
    const isTwice = (id: unknown): boolean => {
      const told = twice.get(id) ?? random.below(2) === 0;
      twice.set(id, told);
      return told;
    };
    return meddled(inner, async (request, ask) => {
      const got = await ask(request);
      if (routeOf(request) !== '/events/list') return got;
      return withReply(got, (body) => ({
        ...body,
        events: itemsOf(body, 'events').flatMap((event) =>
          isTwice(event['event_id']) ? [event, { ...event, event_id: `${String(event['event_id'])}-again` }] : [event],
        ),
      }));
    });
  },
};
