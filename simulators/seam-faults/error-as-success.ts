import { meddled } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** A gateway in front of the API turns what it does not understand into an empty success. */
export const fault: SeamFault = {
  name: 'error-as-success',
  defects: ['ERR-01', 'PROV-07'],
  sentence: 'Every refusal arrives as 200 with an empty body.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) => {
      const got = await ask(request);
      return got.kind === 'reply' && got.status >= 400 ? { ...got, status: 200, headers: {}, body: '' } : got;
    }),
};
