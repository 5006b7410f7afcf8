import type { Trace } from '../contract/trace.ts';
import { reach } from './reach.ts';

/** How far the lock's clock may be from true time at one moment: true + lo … true + hi, in ms. */
export interface ClockBounds {
  readonly loMs: number;
  readonly hiMs: number;
  /** Whether the lock knows the time: `no` after a loss of power that nothing can have mended, `maybe` where it can. */
  readonly known: 'yes' | 'no' | 'maybe';
  /** A step or a loss of power may still be felt. */
  readonly disturbed: boolean;
}

const dayMs = 86_400_000;
const known = new WeakMap<Trace, (ms: number) => ClockBounds>();

/** Bounds of the lock's clock, from declared drift and sync interval, steps, outages and losses of power. */
export function clockBounds(trace: Trace): (ms: number) => ClockBounds {
  const made = known.get(trace) ?? bounds(trace);
  known.set(trace, made);
  return made;
}

function bounds(trace: Trace): (ms: number) => ClockBounds {
  const { time, timing } = trace.header.declaration;
  const link = reach(trace);
  const steps = trace.entries.flatMap((entry) =>
    entry.kind === 'acted' && entry.act.act === 'stepClock' ? [{ atMs: entry.atMs, byMs: entry.act.byMs }] : [],
  );
  const returns = comingsBack(trace);
  /**
   * Whether the clock was surely set between `sinceMs` and `ms`: when that was due while the lock was in reach. One that the lock
   * has lost is asked for on the way back into reach; of one that was stepped nobody knows that it is wrong.
   */
  const surelySet = (sinceMs: number, ms: number, isLost: boolean): boolean => {
    const up = link.upSince(ms);
    if (up === null) return false;
    // A platform that was interrupted need not set a clock that it had set before.
    const isBack = isLost && returns.some((backMs) => backMs >= sinceMs && backMs <= ms);
    return ms >= (isBack ? up : Math.max(up, sinceMs) + time.syncEveryMs) + timing.reconnectMs;
  };
  return (ms) => {
    const up = link.upSince(ms);
    const oldestMs =
      up !== null && ms - up >= timing.reconnectMs ? time.syncEveryMs : ms - lastUp(link, trace, ms) + time.syncEveryMs;
    const drift = (time.driftMsPerDay * oldestMs) / dayMs + time.resolutionMs;
    const restored = link.powerBackAt(ms);
    // A step does not outlive a clock that is lost with the power.
    const sinceMs = time.keepsClock ? -Infinity : (restored ?? -Infinity);
    const felt = steps.filter(({ atMs }) => atMs >= sinceMs && atMs <= ms && !surelySet(atMs, ms, false));
    const lost = !time.keepsClock && restored !== null && !surelySet(restored, ms, true);
    // Nothing can have set it where the lock was out of reach ever since.
    const down = link.downSince(ms);
    const surelyLost = lost && down !== null && down <= restored;
    return {
      loMs: -drift + felt.reduce((sum, step) => sum + Math.min(0, step.byMs), 0),
      hiMs: drift + felt.reduce((sum, step) => sum + Math.max(0, step.byMs), 0),
      known: surelyLost ? 'no' : lost ? 'maybe' : 'yes',
      disturbed: lost || felt.length > 0,
    };
  };
}

/** The instants at which the lock came back from out of reach. */
function comingsBack(trace: Trace): readonly number[] {
  const link = reach(trace);
  return trace.entries.flatMap(({ atMs }, i) =>
    link.downSince(atMs, i - 1) !== null && link.downSince(atMs, i) === null ? [atMs] : [],
  );
}

/** When the lock was last surely in reach before `ms`. */
function lastUp(link: ReturnType<typeof reach>, trace: Trace, ms: number): number {
  const down = link.downSince(ms);
  return down ?? trace.header.startMs;
}
