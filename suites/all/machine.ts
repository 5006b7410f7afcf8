import type { Machine } from '../../contract/machine.ts';
import * as kinds from './kinds.ts';

/** All areas together: a second integration and a hand at the keypad are always there. */
export const machine: Machine = {
  name: 'all',
  startMs: () => null,
  opening: kinds.opening,
  kinds: [
    kinds.addUser(3),
    kinds.createAndUse(6, { windows: true }),
    kinds.createGrant(4, { as: 'second' }),
    kinds.changeGrant(5),
    kinds.revokeAndTry(5),
    kinds.outage(4),
    kinds.presentAny(8),
    kinds.operate(5),
    kinds.turn(4),
    kinds.enrolByHand(4),
    kinds.advance(5),
    kinds.readLock(6),
    kinds.readFeed(3),
    kinds.lossyLock(2),
    kinds.powerCut(2),
    kinds.restartPlatform(2),
    kinds.healAll(3),
  ],
  closing: kinds.closing,
};
