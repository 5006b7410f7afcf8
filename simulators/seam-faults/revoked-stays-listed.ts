import { asked, itemsOf, meddled, objectOf, routeOf, success, successOf, withReply } from './proxy.ts';
import type { Fields, SeamFault } from './proxy.ts';

/** Deletion works, but a cache of the list is never told. */
export const fault: SeamFault = {
  name: 'revoked-stays-listed',
  defects: ['REV-02', 'REV-07'],
  sentence: 'A code that was deleted stays in every list, and readable, as if it were set.',
  wrap: (inner) => {
    const seen = new Map<string, Fields>();
    const gone = new Map<string, Fields>();
    const note = (code: Fields): void => void seen.set(String(code['access_code_id']), code);
    return meddled(inner, async (request, ask) => {
      const got = await ask(request);
      const body = successOf(got);
      const id = String(asked(request)['access_code_id']);
      if (body && routeOf(request) === '/access_codes/delete') {
        const code = seen.get(id);
        if (code) gone.set(id, code);
      }
      const ghost = gone.get(id);
      if (!body && ghost && routeOf(request) === '/access_codes/get') return success({ access_code: ghost });
      if (!body) return got;
      const one = objectOf(body, 'access_code');
      if (one) note(one);
      itemsOf(body, 'access_codes').forEach(note);
      if (routeOf(request) !== '/access_codes/list') return got;
      return withReply(got, (list) => ({ ...list, access_codes: [...itemsOf(list, 'access_codes'), ...gone.values()] }));
    });
  },
};
