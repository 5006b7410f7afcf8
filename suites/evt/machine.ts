import type { Machine } from '../../contract/machine.ts';
import * as kinds from '../all/kinds.ts';
import * as lock from '../all/lock-kinds.ts';
import { closing, opening } from '../all/steps.ts';

/** Acts of every kind at the lock and by the API, online and offline, and a feed that is read in between. */
export const machine: Machine = {
  name: 'evt',
  startMs: () => null,
  opening,
  kinds: [
    kinds.addUser(3),
    kinds.createAndUse(6),
    lock.presentAny(8),
    lock.presentControl(5),
    lock.operate(8),
    lock.turn(8),
    lock.wrongCode(3),
    lock.readFeed(8),
    lock.cutLock(4),
    lock.advance(5),
    kinds.changeGrant(3),
    lock.restartPlatform(2),
  ],
  // Openings and a denial out of reach come first: on a rig chance alone has too little time to bring each of them.
  first: ['cutLock', 'turn', 'wrongCode', 'presentControl', 'cutLock', 'readFeed', 'presentControl'],
  closing,
};
