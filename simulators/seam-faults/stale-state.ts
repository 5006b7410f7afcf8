import { meddled, routeOf, successOf } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** A cache of device state that only its age would empty, and nobody gave it one. */
export const fault: SeamFault = {
  name: 'stale-state',
  defects: ['STATE-01', 'STATE-09'],
  sentence: 'A lock is read as it was when it was read for the first time.',
  wrap: (inner) => {
    type Got = Awaited<ReturnType<typeof inner.ask>>;
    const kept = new Map<string, Got>();
    return meddled(inner, async (request, ask) => {
      if (routeOf(request) !== '/locks/get') return ask(request);
      const key = `${request.path} ${request.body ?? ''} ${request.headers['authorization'] ?? ''}`;
      const before = kept.get(key);
      if (before) return before;
      const got = await ask(request);
      if (successOf(got)) kept.set(key, got);
      return got;
    });
  },
};
