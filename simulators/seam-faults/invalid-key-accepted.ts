import { keyOf, meddled, successOf, withKey } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** The check of a key fails open: shape is looked at, issue is not. */
export const fault: SeamFault = {
  name: 'invalid-key-accepted',
  defects: ['AUTH-01', 'AUTH-02'],
  sentence: 'A key that was never issued is taken for the one that was used first.',
  wrap: (inner) => {
    let known: string | null = null;
    return meddled(inner, async (request, ask) => {
      const got = await ask(request);
      if (successOf(got)) known ??= keyOf(request);
      if (got.kind !== 'reply' || got.status !== 401 || known === null || !keyOf(request).startsWith('Bearer seam_')) return got;
      return ask(withKey(request, known));
    });
  },
};
