import type { Machine } from '../../contract/machine.ts';
import * as kinds from '../all/kinds.ts';

/** Grants that come and go, over a link that comes and goes. */
export const machine: Machine = {
  name: 'rev',
  startMs: () => null,
  opening: kinds.opening,
  kinds: [
    kinds.addUser(4),
    kinds.createAndUse(9),
    kinds.createGrant(4),
    kinds.changeGrant(6),
    kinds.revokeGrant(4),
    kinds.revokeAndTry(9),
    kinds.outage(8),
    kinds.presentAny(8),
    kinds.readGrant(4),
    kinds.restartPlatform(2),
    kinds.removeUser(2),
    kinds.race(3),
  ],
  closing: kinds.closing,
};
