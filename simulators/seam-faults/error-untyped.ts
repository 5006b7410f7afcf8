import { meddled } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** Every trouble ends in the same handler. */
export const fault: SeamFault = {
  name: 'error-untyped',
  defects: ['ERR-03', 'ERR-05'],
  sentence: 'Every refusal arrives as 500 with one type, whatever was wrong.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) => {
      const got = await ask(request);
      if (got.kind !== 'reply' || got.status < 400) return got;
      const body = JSON.stringify({ error: { type: 'unknown_error', message: 'Something went wrong' }, ok: false });
      return { ...got, status: 500, headers: { 'content-type': 'application/json' }, body };
    }),
};
