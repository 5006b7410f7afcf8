import type { CommandOf } from '../../contract/lock.ts';
import { type Desk, unless } from './desk.ts';
import { cannot, modesByNumber, number } from './words.ts';
import { localSeconds, namedSeconds } from './windows.ts';

/** Holiday schedules (5.2.10.12 to 5.2.10.15): a mode for a spell of time is one of them, in a place that nobody else has. */
const mostPlaces = 16;
/** Statuses in an answer that shows a schedule, or says that there is none. */
const [success, notFound] = [0, 0x8b];

/** A place without a schedule, or with one that is over and does nothing any more; ends the command where there is none. */
async function freePlace(desk: Desk): Promise<number> {
  const nowSeconds = localSeconds(desk.zone, desk.clock.nowMs());
  for (let holidayIndex = 1; holidayIndex <= mostPlaces; holidayIndex++) {
    const shown = await unless(['missing', 'request'], () => desk.invoke('getHolidaySchedule', { holidayIndex }));
    const status = number(shown?.['status']);
    const isOver = status === success && (number(shown?.['localEndTime']) ?? Infinity) <= nowSeconds;
    if (status === notFound || isOver) return holidayIndex;
    if (status !== success) break;
  }
  return desk.refuse(cannot('no-free-holiday', 'conflict'));
}

/** Sets the spell, in the place of the one before; whether the lock shows it so afterwards. */
export async function setHoliday(desk: Desk, { mode, startMs, endMs }: CommandOf<'scheduleMode'>): Promise<boolean> {
  const named = (ms: number): number => namedSeconds(desk.zone, ms) ?? desk.refuse(cannot('no-such-schedule'));
  const schedule = {
    localStartTime: named(startMs),
    localEndTime: named(endMs),
    operatingMode: modesByNumber.indexOf(mode),
  };
  const holidayIndex = desk.slots.holiday ?? (await freePlace(desk));
  desk.slots.holiday = holidayIndex;
  await desk.invoke('setHolidaySchedule', { holidayIndex, ...schedule });
  const shown = await desk.invoke('getHolidaySchedule', { holidayIndex });
  return Object.entries({ ...schedule, status: success }).every(([field, value]) => number(shown[field]) === value);
}

/** Clears the spell that was set, and none of others; whether the lock shows it no more. */
export async function clearHoliday(desk: Desk): Promise<boolean> {
  const holidayIndex = desk.slots.holiday;
  if (holidayIndex === null) return true;
  await desk.invoke('clearHolidaySchedule', { holidayIndex });
  const shown = await unless(['missing'], () => desk.invoke('getHolidaySchedule', { holidayIndex }));
  if (shown !== null && number(shown['status']) === success) return false;
  desk.slots.holiday = null;
  return true;
}
