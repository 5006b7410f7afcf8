import { asked, meddled, routeOf, success } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** The callback of the provider says that the code is made; the provider never made it. */
export const fault: SeamFault = {
  name: 'create-lost',
  defects: ['STATE-07', 'ERR-07'],
  sentence: 'A code is answered as created and set, and there is none.',
  wrap: (inner, random) =>
    meddled(inner, async (request, ask) => {
      if (routeOf(request) !== '/access_codes/create') return ask(request);
      const { device_id, name, code, starts_at, ends_at } = asked(request);
      const bound = starts_at === undefined ? { type: 'ongoing' } : { type: 'time_bound', starts_at, ends_at };
      const access_code_id = `access-code-${String(random.below(1_000_000_000))}`;
      const made = { access_code_id, device_id, name, code, ...bound, status: 'set', is_managed: true };
      return success({ access_code: { ...made, created_at: '2026-01-01T00:00:00.000Z', errors: [], warnings: [] } });
    }),
};
