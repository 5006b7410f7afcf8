import { attempted, meddled, routeOf } from './proxy.ts';
import type { SeamFault } from './proxy.ts';

const never = 'attempt-never-sent';

/** The command is queued for a hub that nobody empties, and success is assumed. */
export const fault: SeamFault = {
  name: 'operation-not-forwarded',
  defects: ['STATE-06', 'EVT-13'],
  sentence: 'Lock and unlock are answered as done and reach no lock.',
  wrap: (inner) =>
    meddled(inner, async (request, ask) => {
      const route = routeOf(request);
      if (route === '/locks/lock_door' || route === '/locks/unlock_door') return attempted('LOCK_DOOR', never);
      if (route !== '/action_attempts/get' || !`${request.path} ${request.body ?? ''}`.includes(never)) return ask(request);
      const done = attempted('LOCK_DOOR', never);
      return { ...done, body: done.body.replace('"pending"', '"success"') };
    }),
};
