import { Temporal } from 'temporal-polyfill';
import { RRuleTemporal } from 'rrule-temporal';
import type { Recurrence, Window } from './grant.ts';

/**
 * Civil time, zones and recurrence: the one file that knows them. Instants are epoch ms, always whole.
 *
 * What a window means. It is open from `startMs` (inclusive) to `endMs`, and with a recurrence only inside its
 * occurrences as well. One occurrence belongs to each local day that the rule names (RFC 5545 section 3.3.10):
 * from local `from` of that day to local `to`, which is the next day's where `to` is at or before `from`. An
 * occurrence that began before `startMs` counts from `startMs` on.
 */
export interface TimeRules {
  /**
   * A local time that a forward change leaves out. `to` in the gap: the occurrence ends at the change, by either rule.
   * `from` in the gap: by `skip` that occurrence does not take place (RFC 5545 section 3.3.10, invalid instances);
   * by `shift` it starts at the change and ends at `to`, or, if all of it lay in the gap, after its own length.
   */
  readonly gap: 'skip' | 'shift';
  /**
   * A local time that a backward change repeats. `first`: `from` and `to` stand for their first pass, and what lies
   * between is open throughout. `both`: open whenever the local reading is between `from` and `to`, in either pass.
   */
  readonly fold: 'first' | 'both';
  /** Whether `endMs`, and `to` of each occurrence, are themselves still open, to the millisecond. */
  readonly endInclusive: boolean;
}

/** Most instants that `edges` returns. */
export const maxEdges = 2000;
/** Windows that start or end at this instant (the year 2101, UTC) or later are `far`. */
export const farMs = 4_133_980_800_000;

const dayMs = 86_400_000;
const keptSchedules = 500;
const keptDays = 1000;
const keptZones = 600;
const searchedDays = 50_000;

/** Half-open: [from, to). */
type Span = readonly [fromMs: number, toMs: number];
interface Schedule {
  readonly days: Map<number, readonly Span[]>;
  readonly occurrence: (localDay: number) => readonly Span[];
  readonly zone: string;
}

/** A stretch of time between two changes of a zone's offset. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

const zones = new Map<string, Stretch[] | null>();
const masks = new Map<string, readonly boolean[] | null>();
const schedules = new Map<string, Schedule>();

/** Keeps a cache bounded: the oldest entry leaves when a new one comes to a full map. */
function keep<K, V>(map: Map<K, V>, limit: number, key: K, value: V): V {
  if (map.size >= limit) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
  return value;
}

function stretchesOf(zone: string): Stretch[] | null {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  return keep(zones, keptZones, zone, zoneExists(zone) ? [] : null);
}

function zoneExists(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,59}$/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** Whether `zone` is an IANA zone name that this machine knows; a bare offset is none. */
export const isZone = (zone: string): boolean => stretchesOf(zone) !== null;

/** What a zone's clock is ahead of UTC at an instant, in ms. Throws on an unknown zone: ask `isZone` first. */
export function offsetMs(zone: string, atMs: number): number {
  const stretches = stretchesOf(zone);
  if (!stretches) throw new RangeError(`unknown time zone ${zone}`);
  for (const stretch of stretches) if (atMs >= stretch.fromMs && atMs < stretch.toMs) return stretch.offsetMs;
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  const next = at.getTimeZoneTransition('next');
  // `previous` is strictly earlier, so it is asked from the millisecond after.
  const previous = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const found: Stretch = {
    fromMs: previous ? previous.epochMilliseconds : -Infinity,
    toMs: next ? next.epochMilliseconds : Infinity,
    offsetMs: Math.round(at.offsetNanoseconds / 1e6),
  };
  stretches.push(found);
  return found.offsetMs;
}

/** Where a local reading (ms since local 1970-01-01T00:00) falls: once, twice, or in a gap that ends at `changeMs`. */
function instantsOf(zone: string, localMs: number): { readonly at: readonly number[]; readonly changeMs: number } {
  const before = offsetMs(zone, localMs - dayMs);
  const after = offsetMs(zone, localMs + dayMs);
  const at = [...new Set([before, after])].map((o) => localMs - o).filter((ms) => localMs - ms === offsetMs(zone, ms));
  if (at.length === 1) return { at, changeMs: Number.NaN };
  return { at: at.toSorted((a, b) => a - b), changeMs: changeBetween(zone, localMs - before, localMs - after) };
}

/** The instant at which the offset changes, between two instants around it in either order. */
function changeBetween(zone: string, oneMs: number, otherMs: number): number {
  const lateMs = Math.max(oneMs, otherMs);
  offsetMs(zone, lateMs);
  const late = stretchesOf(zone)?.find((stretch) => lateMs >= stretch.fromMs && lateMs < stretch.toMs);
  return late ? late.fromMs : lateMs;
}

function occurrenceSpans(zone: string, fromLocal: number, toLocal: number, rules: TimeRules): Span[] {
  const from = instantsOf(zone, fromLocal);
  const to = instantsOf(zone, toLocal);
  const [first, second] = from.at;
  const endMs = to.at[0] ?? to.changeMs;
  if (first === undefined) {
    if (rules.gap === 'skip') return [];
    return [[from.changeMs, endMs > from.changeMs ? endMs : from.changeMs + toLocal - fromLocal]];
  }
  if (rules.fold === 'first') return [[first, endMs]];
  const lastEndMs = to.at[1] ?? endMs;
  if (second !== undefined && to.at[1] !== undefined) {
    return [
      [first, endMs],
      [second, lastEndMs],
    ];
  }
  if (second !== undefined) {
    return [
      [first, from.changeMs],
      [second, endMs],
    ];
  }
  if (to.at[1] !== undefined) {
    return [
      [first, endMs],
      [to.changeMs, lastEndMs],
    ];
  }
  return [[first, endMs]];
}

/** Which weekdays, Monday first, a rule of the grammar names; null for any other rule. */
function weekdays(rule: string): readonly boolean[] | null {
  const known = masks.get(rule);
  if (known !== undefined) return known;
  if (!/^FREQ=(DAILY|WEEKLY;BYDAY=(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU)){0,6})$/.test(rule)) return null;
  // Both forms repeat each week without an anchor, so one week of days in UTC says all. 1970-01-05 is a Monday.
  const dates = new RRuleTemporal({ rruleString: `DTSTART:19700105T000000Z\nRRULE:${rule}` });
  const monday = Temporal.PlainDate.from('1970-01-05');
  const mask = [0, 1, 2, 3, 4, 5, 6].map((days) => dates.occursOn(monday.add({ days })));
  return keep(masks, keptSchedules, rule, mask);
}

/** Whether two recurrences are the same days and times of day, however they are spelled. */
export function sameRecurrence(a: Recurrence | null, b: Recurrence | null): boolean {
  if (!a || !b) return a === b;
  const days = ({ rule }: Recurrence): string => weekdays(rule)?.join() ?? rule;
  return days(a) === days(b) && a.from === b.from && a.to === b.to;
}

function minutesOf(time: string): number | null {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : null;
}

function scheduleOf(zone: string, recurrence: Recurrence, rules: TimeRules): Schedule {
  const { rule, from, to } = recurrence;
  const key = `${zone} ${rule} ${from} ${to} ${rules.gap} ${rules.fold} ${rules.endInclusive}`;
  const known = schedules.get(key);
  if (known) return known;
  const mask = weekdays(rule);
  const start = minutesOf(from);
  const end = minutesOf(to);
  if (!mask || start === null || end === null) throw new RangeError('not a recurrence of the grammar: ask windowProblem first');
  const fromMs = start * 60_000;
  const toMs = end * 60_000 + (end <= start ? dayMs : 0);
  const extraMs = rules.endInclusive ? 1 : 0;
  return keep(schedules, keptSchedules, key, {
    zone,
    days: new Map(),
    occurrence: (localDay) => {
      // 1970-01-01 is a Thursday, the fourth day when Monday is number 0.
      if (!mask[(((localDay + 3) % 7) + 7) % 7]) return [];
      return occurrenceSpans(zone, localDay * dayMs + fromMs, localDay * dayMs + toMs, rules)
        .filter(([a, b]) => b > a)
        .map(([a, b]): Span => [a, b + extraMs]);
    },
  });
}

/** The occurrences that touch a UTC day, ascending. */
function spansOn(schedule: Schedule, day: number): readonly Span[] {
  const known = schedule.days.get(day);
  if (known) return known;
  const fromMs = day * dayMs;
  const localDay = Math.floor((fromMs + offsetMs(schedule.zone, fromMs)) / dayMs);
  const spans = [-2, -1, 0, 1, 2]
    .flatMap((d) => schedule.occurrence(localDay + d))
    .filter(([a, b]) => b > fromMs && a < fromMs + dayMs)
    .toSorted((x, y) => x[0] - y[0]);
  return keep(schedule.days, keptDays, day, spans);
}

/** Whether a window is open at an instant. Throws on a window whose zone or rule `windowProblem` refuses. */
export function isOpen(window: Window, atMs: number, rules: TimeRules): boolean {
  if (window.startMs !== null && atMs < window.startMs) return false;
  if (window.endMs !== null && (rules.endInclusive ? atMs > window.endMs : atMs >= window.endMs)) return false;
  if (window.recurrence === null) return true;
  const spans = spansOn(scheduleOf(window.zone, window.recurrence, rules), Math.floor(atMs / dayMs));
  for (const [fromMs, toMs] of spans) if (atMs >= fromMs && atMs < toMs) return true;
  return false;
}

/**
 * The instants e with `fromMs` <= e <= `toMs` at which `isOpen` differs from the millisecond before, ascending;
 * the first `maxEdges` of them.
 */
export function edges(window: Window, fromMs: number, toMs: number, rules: TimeRules): number[] {
  const openMs = window.startMs ?? -Infinity;
  const shutMs = window.endMs === null ? Infinity : window.endMs + (rules.endInclusive ? 1 : 0);
  if (shutMs <= openMs) return [];
  const inside = (ms: number): boolean => Number.isFinite(ms) && ms >= fromMs && ms <= toMs;
  if (window.recurrence === null) return [openMs, shutMs].filter(inside);
  const schedule = scheduleOf(window.zone, window.recurrence, rules);
  const found: number[] = [];
  let lastMs = -Infinity;
  const firstDay = Math.floor((Math.max(fromMs, openMs) - 1) / dayMs);
  const lastDay = Math.min(Math.floor(Math.min(toMs, shutMs) / dayMs), firstDay + searchedDays);
  for (let day = firstDay; day <= lastDay && found.length < maxEdges + 2; day += 1) {
    for (const [a, b] of spansOn(schedule, day)) {
      const startMs = Math.max(a, openMs);
      const endMs = Math.min(b, shutMs);
      if (endMs <= startMs || endMs <= lastMs) continue;
      // Occurrences that touch are one opening: the edge between them is none.
      if (startMs <= lastMs) found.pop();
      else found.push(startMs);
      found.push(endMs);
      lastMs = endMs;
    }
  }
  return found.filter(inside).slice(0, maxEdges);
}

/**
 * Why a window cannot be granted, or null. `zone` unknown · `rule` outside the grammar (`FREQ=DAILY` or
 * `FREQ=WEEKLY;BYDAY=` with days, times `HH:MM`) · `far` at or beyond `farMs`, or no whole ms · `inverted` ends before
 * it starts · `empty` never open: no length, or no occurrence between its ends.
 */
export function windowProblem(window: Window): null | 'inverted' | 'empty' | 'zone' | 'rule' | 'far' {
  const { startMs, endMs, recurrence } = window;
  if (!isZone(window.zone)) return 'zone';
  if (recurrence && (!weekdays(recurrence.rule) || minutesOf(recurrence.from) === null || minutesOf(recurrence.to) === null)) {
    return 'rule';
  }
  for (const ms of [startMs, endMs]) if (ms !== null && (!Number.isSafeInteger(ms) || Math.abs(ms) >= farMs)) return 'far';
  if (startMs === null || endMs === null) return null;
  if (endMs < startMs) return 'inverted';
  if (endMs === startMs) return 'empty';
  // Eight days hold an occurrence of every rule of the grammar.
  if (recurrence === null || endMs - startMs >= 8 * dayMs) return null;
  const open = edges(window, startMs, endMs, { gap: 'shift', fold: 'both', endInclusive: false });
  return open.length > 0 ? null : 'empty';
}

export { fromRfc3339, toRfc3339 } from './rfc3339.ts';

/** Whether a window shuts nobody out at any time. */
export const isAlways = ({ startMs, endMs, recurrence }: Window): boolean =>
  startMs === null && endMs === null && recurrence === null;
