import { meddled, routeOf, withBody } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

const keptChars = 12;

/** The column is shorter than the declared limit. */
export const fault: SeamFault = {
  name: 'name-truncated',
  defects: ['RES-04'],
  sentence: 'Names are cut after twelve characters without a word.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) =>
      /^\/access_codes\/(create|update)$/.test(routeOf(request))
        ? ask(
            withBody(request, (body) => ({
              ...body,
              ...(typeof body['name'] === 'string' ? { name: body['name'].slice(0, keptChars) } : {}),
            })),
          )
        : ask(request),
    ),
};
