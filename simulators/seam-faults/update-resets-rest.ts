import { asked, meddled, routeOf, withBody } from './proxy.ts';
import type { Fields, SeamFault } from './proxy.ts';

const defaults: Fields = { name: 'Access Code', type: 'ongoing' };

/** A partial update is taken for a whole one. */
export const fault: SeamFault = {
  name: 'update-resets-rest',
  defects: ['TIME-16', 'IDEM-10'],
  sentence: 'A change of one field sets the name back to a default and drops the window.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) => {
      if (routeOf(request) !== '/access_codes/update') return ask(request);
      const named = asked(request)['starts_at'] === undefined ? defaults : { name: defaults['name'] };
      return ask(withBody(request, (body) => ({ ...named, ...body })));
    }),
};
