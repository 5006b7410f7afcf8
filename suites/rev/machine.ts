import type { Machine } from '../../contract/machine.ts';
import * as kinds from '../all/kinds.ts';
import * as lock from '../all/lock-kinds.ts';
import { closing, opening } from '../all/steps.ts';

/** Grants that come and go, over a link that comes and goes. */
export const machine: Machine = {
  name: 'rev',
  startMs: () => null,
  opening,
  kinds: [
    kinds.addUser(4),
    kinds.createAndUse(9),
    kinds.createGrant(4),
    kinds.changeGrant(6),
    kinds.changeOneField(4),
    kinds.revokeGrant(4),
    kinds.revokeAndTry(9),
    kinds.outage(8),
    lock.presentAny(8),
    kinds.readGrant(4),
    lock.restartPlatform(2),
    kinds.removeUser(2),
    kinds.race(3),
  ],
  first: ['createAndUse', 'outage', 'changeOneField', 'createAndUse', 'revokeAndTry'],
  closing,
};
