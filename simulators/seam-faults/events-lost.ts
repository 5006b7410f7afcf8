import { itemsOf, meddled, routeOf, withReply } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

const lostPercent = 30;

/** The delivery of events to the feed drops some, for ever. */
export const fault: SeamFault = {
  name: 'events-lost',
  defects: ['EVT-01'],
  sentence: 'Three events of ten never get into the feed.',
  wrap: (inner, random) => {
    const fate = new Map<unknown, boolean>();
    const isKept = (id: unknown): boolean => {
      const kept = fate.get(id) ?? random.below(100) >= lostPercent;
      fate.set(id, kept);
      return kept;
    };
    return meddled(inner, async (request, ask) => {
      const got = await ask(request);
      if (routeOf(request) !== '/events/list') return got;
      return withReply(got, (body) => ({
        ...body,
        events: itemsOf(body, 'events').filter((event) => isKept(event['event_id'])),
      }));
    });
  },
};
