import { keyOf, meddled, routeOf, successOf, withKey } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** A lookup by id forgets to compare the account. */
export const fault: SeamFault = {
  name: 'foreign-readable',
  defects: ['SCOPE-01'],
  sentence: 'Whoever has a valid key of any account reads the locks of every account by their id.',
  wrap: (inner) => {
    const keys: string[] = [];
    return meddled(inner, async (request, ask) => {
      const got = await ask(request);
      const own = keyOf(request);
      if (successOf(got)) {
        if (!keys.includes(own)) keys.push(own);
        return got;
      }
      if (got.kind !== 'reply' || got.status !== 404 || !/^\/(locks|devices)\/get$/.test(routeOf(request))) return got;
      for (const key of keys) {
        if (key === own) continue;
        const theirs = await ask(withKey(request, key));
        if (successOf(theirs)) return theirs;
      }
      return got;
    });
  },
};
