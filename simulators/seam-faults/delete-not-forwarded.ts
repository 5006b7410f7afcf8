import { attempted, meddled, routeOf } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

/** The queue between API and provider loses deletions. */
export const fault: SeamFault = {
  name: 'delete-not-forwarded',
  defects: ['REV-01', 'REV-02'],
  sentence: 'A deletion is answered as accepted and never carried out.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) =>
      routeOf(request) === '/access_codes/delete' ? attempted('DELETE_ACCESS_CODE', 'attempt-never-made') : ask(request),
    ),
};
