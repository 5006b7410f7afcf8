import { meddled, routeOf, withBody } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** The PIN goes through a number on its way. */
export const fault: SeamFault = {
  name: 'leading-zero-stripped',
  defects: ['RES-06'],
  sentence: 'Zeros at the beginning of a PIN are lost when it is stored.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) =>
      /^\/access_codes\/(create|update)$/.test(routeOf(request))
        ? ask(
            withBody(request, (body) => ({
              ...body,
              ...(typeof body['code'] === 'string' && /^0+\d/.test(body['code'])
                ? { code: body['code'].replace(/^0+/, '') }
                : {}),
            })),
          )
        : ask(request),
    ),
};
