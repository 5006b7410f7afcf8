import type { Clock } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';

const dayMs = 86_400_000;

/** The lock's own clock: it drifts, can be set and stepped, and may not know whether it is right. */
export interface Timekeeper {
  /** What it shows, epoch ms. */
  nowMs(): number;
  known(): boolean;
  /** Goes on from `deviceMs`. */
  set(deviceMs: number, known: boolean): void;
  /** Jumps without noticing. */
  step(byMs: number): void;
}

/** A clock that starts right and gains `driftMsPerDay` (negative: loses) against true time. */
export function timekeeper(clock: Clock, decide: Decide, driftMsPerDay: number): Timekeeper {
  let setAtMs = clock.nowMs();
  let setToMs = setAtMs;
  let sure = true;
  return {
    nowMs: () => {
      const worldMs = clock.nowMs();
      const deviceMs = Math.round(setToMs + (worldMs - setAtMs) * (1 + driftMsPerDay / dayMs));
      return decide('clock.read', { worldMs, deviceMs }, deviceMs);
    },
    known: () => sure,
    set: (deviceMs, known) => {
      setAtMs = clock.nowMs();
      setToMs = deviceMs;
      sure = known;
    },
    step: (byMs) => {
      setToMs += byMs;
    },
  };
}
