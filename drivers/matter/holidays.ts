import type { ModeSpell } from '../../contract/mode.ts';
import { type Desk, unless } from './desk.ts';
import { cannot, type Fields, modesByNumber, number } from './words.ts';
import { localSeconds, namedSeconds } from './windows.ts';

/** Holiday schedules (5.2.10.12 to 5.2.10.15): a mode for a spell of time is one of them, in a place that nobody else has. */
const mostPlaces = 16;
/** Statuses in an answer that shows a schedule, or says that there is none. */
const [success, notFound] = [0, 0x8b];

/** A place without a schedule; where there is none, one whose schedule is over and does nothing any more. Ends the command where there is neither. */
async function freePlace(desk: Desk): Promise<number> {
  const nowSeconds = localSeconds(desk.zone, desk.clock.nowMs());
  let over: number | null = null;
  for (let holidayIndex = 1; holidayIndex <= mostPlaces; holidayIndex++) {
    const shown = await unless(['missing', 'request'], () => desk.invoke('getHolidaySchedule', { holidayIndex }));
    const status = number(shown?.['status']);
    if (status === notFound) return holidayIndex;
    if (status !== success) break;
    if ((number(shown?.['localEndTime']) ?? Infinity) <= nowSeconds) over ??= holidayIndex;
  }
  return over ?? desk.refuse(cannot('no-free-holiday', 'conflict'));
}

/** A spell in Matter's words; null where it begins or ends in the hour that comes twice. */
function scheduleOf(zone: string, { mode, startMs, endMs }: ModeSpell) {
  const [localStartTime, localEndTime] = [namedSeconds(zone, startMs), namedSeconds(zone, endMs)];
  if (localStartTime === null || localEndTime === null) return null;
  return { localStartTime, localEndTime, operatingMode: modesByNumber.indexOf(mode) };
}

const isShown = (shown: Fields, schedule: NonNullable<ReturnType<typeof scheduleOf>>): boolean =>
  Object.entries({ ...schedule, status: success }).every(([field, value]) => number(shown[field]) === value);

/** Sets the spell, in the place of the one before; whether the lock shows it so afterwards. */
export async function setHoliday(desk: Desk, spell: ModeSpell): Promise<boolean> {
  const schedule = scheduleOf(desk.zone, spell) ?? desk.refuse(cannot('no-such-schedule'));
  const holidayIndex = desk.slots.holiday ?? (await freePlace(desk));
  desk.slots.holiday = holidayIndex;
  await desk.invoke('setHolidaySchedule', { holidayIndex, ...schedule });
  return isShown(await desk.invoke('getHolidaySchedule', { holidayIndex }), schedule);
}

/** The place of the schedule that says the same, whoever of us set it; null where there is none. */
async function placeOf(desk: Desk, spell: ModeSpell): Promise<number | null> {
  const schedule = scheduleOf(desk.zone, spell);
  for (let holidayIndex = 1; schedule !== null && holidayIndex <= mostPlaces; holidayIndex++) {
    const shown = await unless(['missing', 'request'], () => desk.invoke('getHolidaySchedule', { holidayIndex }));
    const status = number(shown?.['status']);
    if (shown && isShown(shown, schedule)) return holidayIndex;
    if (status !== success && status !== notFound) break;
  }
  return null;
}

/** Clears the spell that was set, or the one that is meant, and none of others; whether the lock shows it no more. */
export async function clearHoliday(desk: Desk, spell?: ModeSpell): Promise<boolean> {
  const holidayIndex = desk.slots.holiday ?? (spell ? await placeOf(desk, spell) : null);
  if (holidayIndex === null) return true;
  await desk.invoke('clearHolidaySchedule', { holidayIndex });
  const shown = await unless(['missing'], () => desk.invoke('getHolidaySchedule', { holidayIndex }));
  if (shown !== null && number(shown['status']) === success) return false;
  desk.slots.holiday = null;
  return true;
}
