import type { Machine } from '../../contract/machine.ts';
import * as kinds from '../all/kinds.ts';

/** Acts of every kind at the lock and by the API, online and offline, and a feed that is read in between. */
export const machine: Machine = {
  name: 'evt',
  startMs: () => null,
  opening: kinds.opening,
  kinds: [
    kinds.addUser(3),
    kinds.createAndUse(6),
    kinds.presentAny(8),
    kinds.presentControl(5),
    kinds.operate(8),
    kinds.turn(8),
    kinds.wrongCode(3),
    kinds.readFeed(8),
    kinds.cutLock(4),
    kinds.advance(5),
    kinds.changeGrant(3),
    kinds.restartPlatform(2),
  ],
  closing: kinds.closing,
};
