import type { Machine } from '../../contract/machine.ts';
import * as kinds from '../all/kinds.ts';

const dayMs = 86_400_000;
/** A few days before: both changes of clocks of 2026 in Europe and in North America, a leap day, a year's end, January 2038. */
const starts = [
  Date.UTC(2026, 2, 27, 9),
  Date.UTC(2026, 9, 23, 9),
  Date.UTC(2026, 2, 6, 12),
  Date.UTC(2026, 9, 30, 12),
  Date.UTC(2028, 1, 27, 9),
  Date.UTC(2026, 11, 30, 9),
  Date.UTC(2038, 0, 17, 9),
  Date.UTC(2026, 5, 1, 9),
];

/** Windows of every kind, clocks that drift, step and stop, and presentations around every edge. */
export const machine: Machine = {
  name: 'time',
  startMs: (draw) => (starts[draw(starts.length)] ?? 0) + draw(8) * (dayMs / 8),
  opening: kinds.opening,
  kinds: [
    kinds.addUser(3),
    kinds.createGrant(8, { windows: true, counted: true }),
    kinds.createAndUse(3, { windows: true, counted: true }),
    kinds.countedGrant(3),
    kinds.darkWindow(3),
    kinds.changeGrant(4),
    kinds.presentAny(14),
    kinds.presentControl(3),
    kinds.advance(14),
    kinds.stepClock(2),
    kinds.powerCut(2),
    kinds.cutLock(3),
    kinds.healAll(3),
  ],
  closing: kinds.closing,
};
