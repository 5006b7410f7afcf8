import { asked, itemsOf, meddled, objectOf, routeOf, success, successOf, withReply } from './proxy.ts';
import type { Fields, SeamFault } from './proxy.ts';

/** The duplicate check looks at a replica that lags behind. */
export const fault: SeamFault = {
  name: 'repeat-makes-second',
  defects: ['IDEM-02'],
  sentence: 'Creating the same code again makes a second one beside the first.',
  wrap: (inner) => {
    const first = new Map<string, Fields>();
    const second = new Map<string, Fields>();
    return meddled(inner, async (request, ask) => {
      const route = routeOf(request);
      const id = String(asked(request)['access_code_id']);
      const twin = second.get(id);
      if (twin && route === '/access_codes/get') return success({ access_code: twin });
      if (twin && route === '/access_codes/delete') second.delete(id);
      if (twin && route === '/access_codes/delete') return success({});
      const got = await ask(request);
      const key = `${String(asked(request)['device_id'])} ${String(asked(request)['code'])}`;
      const body = successOf(got);
      if (route === '/access_codes/list') {
        return withReply(got, (list) => ({ ...list, access_codes: [...itemsOf(list, 'access_codes'), ...second.values()] }));
      }
      if (route !== '/access_codes/create') return got;
      const made = body ? objectOf(body, 'access_code') : null;
      if (made) first.set(key, made);
      const before = first.get(key);
      if (made || !before || got.kind !== 'reply' || got.status !== 409) return got;
      const copy = { ...before, access_code_id: `${String(before['access_code_id'])}-2` };
      second.set(copy.access_code_id, copy);
      return success({ access_code: copy });
    });
  },
};
