import type { Machine } from '../../contract/machine.ts';
import * as kinds from './kinds.ts';
import * as lock from './lock-kinds.ts';
import { closing, opening } from './steps.ts';

/** All areas together: a second integration and a hand at the keypad are always there. */
export const machine: Machine = {
  name: 'all',
  startMs: () => null,
  opening,
  kinds: [
    kinds.addUser(3),
    kinds.createAndUse(6, { windows: true }),
    kinds.createGrant(4, { as: 'second' }),
    kinds.changeGrant(5),
    kinds.revokeAndTry(5),
    kinds.outage(4),
    lock.presentAny(8),
    lock.operate(5),
    lock.turn(4),
    lock.enrolByHand(4),
    lock.advance(5),
    lock.readLock(6),
    lock.readFeed(3),
    lock.lossyLock(2),
    lock.powerCut(2),
    lock.restartPlatform(2),
    lock.healAll(3),
  ],
  first: ['createBySecond', 'enrolByHand', 'enrolByHand', 'readLock', 'operate', 'readFeed'],
  closing,
};
