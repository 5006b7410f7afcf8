import type { Declaration } from '../../contract/declaration.ts';
import type { PinSymbol, Window } from '../../contract/grant.ts';
import type { Stage } from '../../contract/requirement.ts';
import { edges, offsetMs, type TimeRules, toRfc3339 } from '../../contract/time.ts';
import { clearMs, enterBetween } from '../all/hands.ts';

const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
/** A zone that changes its clocks at all does so within this. */
const searchedDays = 400;

/** A change of a zone's clocks: forward leaves a local hour out (gap), backward repeats one (fold). */
export interface ClockChange {
  readonly atMs: number;
  /** What the clocks jump, in ms; negative in a fold. */
  readonly byMs: number;
}

/** The zone's next gap and next fold after an instant, earlier first; none where the zone has none. */
export function nextChanges(zone: string, afterMs: number): readonly ClockChange[] {
  const found: ClockChange[] = [];
  for (let day = 0; day < searchedDays && found.length < 2; day += 1) {
    const change = changeWithin(zone, afterMs + day * dayMs, afterMs + (day + 1) * dayMs);
    if (change && !found.some(({ byMs }) => byMs > 0 === change.byMs > 0)) found.push(change);
  }
  return found;
}

function changeWithin(zone: string, fromMs: number, toMs: number): ClockChange | null {
  const before = offsetMs(zone, fromMs);
  const byMs = offsetMs(zone, toMs) - before;
  if (byMs === 0) return null;
  let [low, high] = [fromMs, toMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle) === before) low = middle;
    else high = middle;
  }
  return { atMs: high, byMs };
}

/** The local clock, `HH:MM`, that shows at an instant under an offset. */
export const localTime = (atMs: number, underMs: number): string => toRfc3339(atMs + underMs).slice(11, 16);

/** 1970-01-01 was a Thursday. */
const days = ['TH', 'FR', 'SA', 'SU', 'MO', 'TU', 'WE'] as const;
/** The local weekday at an instant under an offset, as a rule names it. */
export const weekday = (atMs: number, underMs: number): string => days[Math.floor((atMs + underMs) / dayMs) % 7] ?? 'MO';

export const rulesOf = ({ time }: Declaration): TimeRules => ({
  gap: time.dstGap,
  fold: time.dstFold,
  endInclusive: time.endInclusive,
});

/** Instants on both sides of every edge of a window and halfway between edges, by any of several rules, ascending. */
export function moments(window: Window, fromMs: number, toMs: number, rules: readonly TimeRules[], aside: number): number[] {
  const all = rules.flatMap((rule) => {
    const at = edges(window, fromMs, toMs, rule);
    return at.flatMap((edge, i) => [
      edge - aside,
      edge + aside,
      ...(i > 0 ? [Math.round((edge + (at[i - 1] ?? edge)) / 2)] : []),
    ]);
  });
  return [...new Set(all)].toSorted((a, b) => a - b);
}

/** Goes from instant to instant and presents the codes at each, between presentations of the control code. */
export async function presentAt(stage: Stage, instants: readonly number[], pins: readonly PinSymbol[]): Promise<void> {
  for (const atMs of instants) {
    if (atMs <= stage.nowMs()) continue;
    // The control code and the codes before it take their time at the keypad.
    await stage.pass(atMs - stage.nowMs());
    await enterBetween(stage, pins);
  }
}

/** How far from an edge a row of presentations begins, so that none of them comes near it. */
export const asideMs = ({ declaration }: Stage): number => clearMs(declaration) + 10 * declaration.timing.boltMs;
