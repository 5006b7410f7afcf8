import type { CommandOf } from '../../contract/lock.ts';
import { type Desk, unless } from './desk.ts';
import { modesByNumber, number } from './words.ts';
import { localSeconds } from './windows.ts';

/** Holiday schedules (5.2.10.12 to 5.2.10.15): a mode for a spell of time is one of them, always in the same place. */
const holidayIndex = 1;
/** Clears every holiday schedule. */
const allHolidays = 0xfe;
/** The status field of an answer that shows a schedule. */
const success = 0;

/** Sets the spell; whether the lock shows it so afterwards. */
export async function setHoliday(desk: Desk, { mode, startMs, endMs }: CommandOf<'scheduleMode'>): Promise<boolean> {
  const schedule = {
    localStartTime: localSeconds(desk.zone, startMs),
    localEndTime: localSeconds(desk.zone, endMs),
    operatingMode: modesByNumber.indexOf(mode),
  };
  await desk.invoke('setHolidaySchedule', { holidayIndex, ...schedule });
  const shown = await desk.invoke('getHolidaySchedule', { holidayIndex });
  return Object.entries({ ...schedule, status: success }).every(([field, value]) => number(shown[field]) === value);
}

/** Clears every spell, of whomever; whether the lock shows none of ours afterwards. */
export async function clearHolidays(desk: Desk): Promise<boolean> {
  await desk.invoke('clearHolidaySchedule', { holidayIndex: allHolidays });
  const shown = await unless(['missing'], () => desk.invoke('getHolidaySchedule', { holidayIndex }));
  return shown === null || number(shown['status']) !== success;
}
