import { fromRfc3339 } from '../../contract/time.ts';
import type { Machine } from '../../contract/machine.ts';
import * as kinds from '../all/kinds.ts';
import { lastingGrant } from '../all/lasting-kinds.ts';
import * as lock from '../all/lock-kinds.ts';
import { closing, opening } from '../all/steps.ts';

const dayMs = 86_400_000;
/** A few days before: both changes of clocks of 2026 in Europe and in North America, a leap day, a year's end, January 2038. */
const starts = [
  '2026-03-27T09:00:00Z',
  '2026-10-23T09:00:00Z',
  '2026-03-06T12:00:00Z',
  '2026-10-30T12:00:00Z',
  '2028-01-27T09:00:00Z',
  '2026-12-30T09:00:00Z',
  '2038-01-17T09:00:00Z',
  '2026-06-01T09:00:00Z',
].flatMap((text) => fromRfc3339(text) ?? []);

/** Windows of every kind, clocks that drift, step and stop, and presentations around every edge. */
export const machine: Machine = {
  name: 'time',
  startMs: (draw) => (starts[draw(starts.length)] ?? 0) + draw(8) * (dayMs / 8),
  opening,
  kinds: [
    kinds.addUser(3),
    kinds.createGrant(8, { windows: true, counted: true }),
    kinds.createAndUse(3, { windows: true, counted: true }),
    kinds.insideAndOutside(3),
    kinds.countedGrant(3),
    kinds.darkWindow(3),
    lastingGrant(2),
    kinds.changeGrant(4),
    lock.presentAny(14),
    lock.presentControl(3),
    lock.advance(14),
    lock.stepClock(2),
    lock.powerCut(2),
    lock.cutLock(3),
    lock.healAll(3),
  ],
  first: ['insideAndOutside', 'countedGrant', 'powerCut'],
  closing,
};
