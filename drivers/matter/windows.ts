import type { Window } from '../../contract/grant.ts';
import { offsetMs, windowProblem } from '../../contract/time.ts';
import { type Fields, number } from './words.ts';

/** A year-day schedule (5.2.10.8): between two local times, in seconds of civil time from 2000. */
export interface YearDay {
  readonly localStartTime: number;
  readonly localEndTime: number;
}
/** A week-day schedule (5.2.10.4). */
export interface WeekDay {
  readonly daysMask: number;
  readonly startHour: number;
  readonly startMinute: number;
  readonly endHour: number;
  readonly endMinute: number;
}
/** What a window is in Matter. Both: now is within the one and within the other (5.2.6.18.9). */
export interface Schedule {
  readonly yearDay: YearDay | null;
  readonly weekDay: WeekDay | null;
}

const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
/** A year-day schedule has two ends: what is open at one is bounded by these, the first and the last second that it can name (2000 to 2106, less a zone). */
const [first, last] = [946_771_200, 946_684_800 + 0xffff_ffff - 86_400];

const dayMs = 86_400_000;

/** Local seconds: civil time spelled as if it were UTC. */
export const localSeconds = (zone: string, ms: number): number => Math.floor((ms + offsetMs(zone, ms)) / 1000);

/** The same of an instant that shall be named; null in the hour that comes twice when clocks go back: which of the two is meant could not be said. */
export function namedSeconds(zone: string, ms: number): number | null {
  const seconds = localSeconds(zone, ms);
  const twins = [-dayMs, dayMs].map((aside) => seconds * 1000 - offsetMs(zone, ms + aside));
  const same = new Set(twins.filter((one) => localSeconds(zone, one) === seconds));
  return same.size > 1 ? null : seconds;
}

const minutes = (text: string): readonly [number, number] => [Number(text.slice(0, 2)), Number(text.slice(3, 5))];

function weekDayOf({ recurrence, zone: named }: Window, zone: string): WeekDay | null {
  if (!recurrence || named !== zone) return null;
  const byDay = /BYDAY=([A-Z,]+)/.exec(recurrence.rule)?.[1]?.split(',') ?? [...days];
  const daysMask = days.reduce((mask, day, i) => (byDay.includes(day) ? mask | (1 << i) : mask), 0);
  const [[startHour, startMinute], [endHour, endMinute]] = [minutes(recurrence.from), minutes(recurrence.to)];
  // A day's schedule ends on its day (5.2.10.4.7: the end is later than the start).
  const isOneDay = endHour * 60 + endMinute > startHour * 60 + startMinute;
  return isOneDay && daysMask > 0 ? { daysMask, startHour, startMinute, endHour, endMinute } : null;
}

/** A window as schedules; null where Matter has no words for it. `zone` is the lock's own: schedules name none. */
export function scheduleOf(window: Window, zone: string): Schedule | null {
  const { startMs, endMs, recurrence } = window;
  // What is no zone or no rule would be left out, and the code open at other times than was asked for.
  if (windowProblem({ ...window, startMs: null, endMs: null }) !== null) return null;
  const weekDay = weekDayOf(window, zone);
  if (recurrence && !weekDay) return null;
  if (startMs === null && endMs === null) return { yearDay: null, weekDay };
  const localStartTime = startMs === null ? first : namedSeconds(zone, startMs);
  const localEndTime = endMs === null ? last : namedSeconds(zone, endMs);
  if (localStartTime === null || localEndTime === null) return null;
  return { yearDay: { localStartTime, localEndTime }, weekDay };
}

const instant = (zone: string, seconds: number): number => {
  const guess = seconds * 1000 - offsetMs(zone, seconds * 1000);
  return seconds * 1000 - offsetMs(zone, guess);
};

/** A year-day schedule as a window; null where its answer is not what it should be. */
export function windowOfYearDay(answer: Fields, zone: string): Window | null {
  const [start, end] = [number(answer['localStartTime']), number(answer['localEndTime'])];
  if (start === null || end === null) return null;
  return {
    startMs: start <= first ? null : instant(zone, start),
    endMs: end >= last ? null : instant(zone, end),
    zone,
    recurrence: null,
  };
}

const two = (value: number): string => String(value).padStart(2, '0');
const maskOf = (value: unknown): number | null => {
  if (number(value) !== null) return number(value);
  if (typeof value !== 'object' || value === null) return null;
  const flags = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
  return flags.reduce((mask, name, i) => (Reflect.get(value, name) === true ? mask | (1 << i) : mask), 0);
};

/** The days of a mask as the library wants them. */
export const flagsOf = (mask: number): Record<string, boolean> =>
  Object.fromEntries(
    ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'].map((name, i) => [
      name,
      (mask & (1 << i)) > 0,
    ]),
  );

/** The same of a week-day schedule. */
export function windowOfWeekDay(answer: Fields, zone: string): Window | null {
  const mask = maskOf(answer['daysMask']);
  const [fromHour, fromMinute, toHour, toMinute] = ['startHour', 'startMinute', 'endHour', 'endMinute'].map((name) =>
    number(answer[name]),
  );
  if (mask === null || fromHour == null || fromMinute == null || toHour == null || toMinute == null) return null;
  const named = days.filter((_, i) => (mask & (1 << i)) > 0);
  return {
    startMs: null,
    endMs: null,
    zone,
    recurrence: {
      rule: `FREQ=WEEKLY;BYDAY=${named.join(',')}`,
      from: `${two(fromHour)}:${two(fromMinute)}`,
      to: `${two(toHour)}:${two(toMinute)}`,
    },
  };
}
