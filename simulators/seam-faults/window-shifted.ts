import { fromRfc3339, toRfc3339 } from '../../contract/time.ts';
import { meddled, routeOf, withBody } from './proxy.ts';
import type { Fields, SeamFault } from './proxy.ts';

/** 5 h 45 min: no whole hour, so that rounding does not hide it. */
const offsetMs = 20_700_000;

function shifted(body: Fields, name: string): Fields {
  const value = body[name];
  const ms = typeof value === 'string' ? fromRfc3339(value) : null;
  return ms === null ? {} : { [name]: toRfc3339(ms - offsetMs) };
}

/** An instant is taken for a local time and the zone's offset is taken off once more. */
export const fault: SeamFault = {
  name: 'window-shifted',
  defects: ['TIME-01'],
  sentence: 'The window of a code is stored and echoed earlier by the offset of a zone.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) =>
      /^\/access_codes\/(create|update)$/.test(routeOf(request))
        ? ask(withBody(request, (body) => ({ ...body, ...shifted(body, 'starts_at'), ...shifted(body, 'ends_at') })))
        : ask(request),
    ),
};
