import { itemsOf, meddled, routeOf, withReply } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

const opposite: Readonly<Record<string, string>> = { 'lock.locked': 'lock.unlocked', 'lock.unlocked': 'lock.locked' };

/** Late enrichment writes into events that were already handed out. */
export const fault: SeamFault = {
  name: 'feed-rewritten',
  defects: ['EVT-09', 'EVT-10'],
  sentence: 'An event changes after it was read: another verb for acts of the bolt, another lock or none for the rest.',
  wrap: (inner) => {
    const read = new Set<unknown>();
    return meddled(inner, async (request, ask) => {
      const got = await ask(request);
      if (routeOf(request) !== '/events/list') return got;
      return withReply(got, (body) => ({
        ...body,
        events: itemsOf(body, 'events').map((event) => {
          const known = read.has(event['event_id']);
          read.add(event['event_id']);
          if (!known) return event;
          const verb = opposite[String(event['event_type'])];
          return verb === undefined
            ? { ...event, device_id: undefined, access_code_id: undefined }
            : { ...event, event_type: verb };
        }),
      }));
    });
  },
};
