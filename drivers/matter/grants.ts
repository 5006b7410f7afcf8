import type { CommandOf } from '../../contract/command.ts';
import type { Change, Window } from '../../contract/grant.ts';
import type { GrantView, Page } from '../../contract/view.ts';
import { addPin, changePin, credential, freePin } from './codes.ts';
import type { Desk } from './desk.ts';
import { quietly, unless } from './desk.ts';
import {
  addPerson,
  changePerson,
  everybody,
  isCarrier,
  isOwnUser,
  type Person,
  personAt,
  personOfId,
  putBack,
} from './people.ts';
import { idAt, placeOf } from './slots.ts';
import { flagsOf, type Schedule, scheduleOf, windowOfWeekDay, windowOfYearDay } from './windows.ts';
import {
  attributes,
  cannot,
  carriesForIn,
  clusters,
  type Fields,
  maxCarriedFor,
  number,
  userStates,
  userTypes,
} from './words.ts';

/** Grants as Matter has them: a PIN in a slot, of a user, under that user's schedule. */

/** The schedule slot that we use; a lock may have more. */
const slot = 1;
const always = (zone: string): Window => ({ startMs: null, endMs: null, zone, recurrence: null });

const features = { yearDay: 'yearDayAccessSchedules', weekDay: 'weekDayAccessSchedules' } as const;

/** A disposable user opens once (5.2.6.18.7). */
const isOnce = (person: Person): boolean => person.type === userTypes.disposable;

/** An expiring user opens for so long from his first use on (5.2.6.18.8), a time that is the lock's and not his (5.2.9.36). */
const isLasting = (person: Person): boolean => person.type === userTypes.expiring;
const minuteMs = 60_000;

/** Disabled by the lock itself when he has come, or when his time is over: nobody has suspended anything. */
const endsByUse = (person: Person): boolean => isOnce(person) || isLasting(person);

/** How long the lock lets an expiring user open; null where it does not tell. */
async function lastsMsOf(desk: Desk): Promise<number | null> {
  const told = await desk.read(clusters.doorLock, [attributes.lastsMinutes]);
  const minutes = number(told.get(attributes.lastsMinutes));
  return minutes === null ? null : minutes * minuteMs;
}

/** Types of users for whom no schedule counts. */
const timeless: ReadonlySet<number> = new Set([
  userTypes.unrestricted,
  userTypes.disposable,
  userTypes.expiring,
  userTypes.forced,
]);

/** The window that a user's schedules are, by those that count for his type; null where it is none that we know. */
async function windowOf(desk: Desk, { type, index }: Person): Promise<Window | null> {
  const { zone } = desk;
  if (timeless.has(type)) return always(zone);
  const isBoth = type === userTypes.restricted;
  const yearDayIs = type === userTypes.yearDay || (isBoth && desk.hasFeature(features.yearDay));
  const weekDayIs = type === userTypes.weekDay || (isBoth && desk.hasFeature(features.weekDay));
  const yearDay = yearDayIs
    ? windowOfYearDay(await desk.invoke('getYearDaySchedule', { yearDayIndex: slot, userIndex: index }), zone)
    : null;
  const weekDay = weekDayIs
    ? windowOfWeekDay(await desk.invoke('getWeekDaySchedule', { weekDayIndex: slot, userIndex: index }), zone)
    : null;
  return yearDay && weekDay ? { ...yearDay, recurrence: weekDay.recurrence } : (yearDay ?? weekDay);
}

/** What a grant is to whoever asks; ends the command where it was removed while its schedules were read. */
async function viewOf(desk: Desk, person: Person, pin: number, ownFabric: number | null): Promise<GrantView> {
  const shown = { window: await windowOf(desk, person), lastsMs: isLasting(person) ? await lastsMsOf(desk) : null };
  const isPlain = person.type === userTypes.unrestricted || isOnce(person);
  const isStill = isPlain || (await personAt(desk, person.index))?.pins.includes(pin) === true;
  return isStill ? viewWith(desk, person, pin, ownFabric, shown) : desk.refuse(cannot('no-such-grant', 'missing'));
}

type Limits = Pick<GrantView, 'window' | 'lastsMs'>;

function viewWith(desk: Desk, person: Person, pin: number, ownFabric: number | null, limits: Limits): GrantView {
  const whose = carriesForIn(person.uniqueId) ?? person.index;
  return {
    id: idAt(desk.slots.pins, pin),
    name: isCarrier(person) ? person.name : null,
    user: whose === 0 ? null : idAt(desk.slots.users, whose),
    lock: String(desk.endpoint),
    pin: { kind: 'withheld' },
    ...limits,
    duress: person.type === userTypes.forced,
    uses: isOnce(person) ? (person.isDisabled ? 0 : 1) : null,
    wish: person.isDisabled && !endsByUse(person) ? 'suspended' : 'granted',
    sync: 'confirmed',
    external: ownFabric !== null && person.maker !== null && person.maker !== ownFabric,
  };
}

/** What a grant allows, as a user has it: schedules, or a type of his own, or neither. Matter has no user who has two of them. */
interface Allowed extends Schedule {
  /** Once, for a while from his first use on, under duress. */
  readonly special: 'disposable' | 'expiring' | 'forced' | null;
}

/** One type is for either schedule and for both, and each lock that has schedules has it (5.2.6.18.9); the others it may lack. */
function typeOf({ special, yearDay, weekDay }: Allowed): number {
  if (special) return userTypes[special];
  return yearDay || weekDay ? userTypes.restricted : userTypes.unrestricted;
}

/** Takes a schedule away that would count beside the new one; there may be none. */
const clearSchedule = (desk: Desk, command: string, fields: Fields): Promise<Fields | null> =>
  unless(['missing', 'request', 'lock'], () => desk.invoke(command, fields));

/** Puts it on a user: first the schedules, then the type, which tells the lock that they count. */
async function allow(desk: Desk, person: Person, allowed: Allowed): Promise<void> {
  const { index: userIndex } = person;
  const { yearDay, weekDay } = allowed;
  if (yearDay) await desk.invoke('setYearDaySchedule', { yearDayIndex: slot, userIndex, ...yearDay });
  if (weekDay) {
    const { daysMask, ...times } = weekDay;
    await desk.invoke('setWeekDaySchedule', { weekDayIndex: slot, userIndex, daysMask: flagsOf(daysMask), ...times });
  }
  const isScheduled = yearDay !== null || weekDay !== null;
  // After the new one: in between both count, and nothing opens that did not before.
  if (isScheduled && !yearDay && desk.hasFeature(features.yearDay))
    await clearSchedule(desk, 'clearYearDaySchedule', { yearDayIndex: slot, userIndex });
  if (isScheduled && !weekDay && desk.hasFeature(features.weekDay))
    await clearSchedule(desk, 'clearWeekDaySchedule', { weekDayIndex: slot, userIndex });
  // Who was good for once and has come, or whose time is over, is disabled, and would stay so.
  const userStatus = endsByUse(person) || allowed.special ? { userStatus: userStates.enabled } : {};
  await changePerson(desk, userIndex, { userType: typeOf(allowed), ...userStatus });
}

function allowedBy(desk: Desk, window: Window, uses: number | null): Allowed {
  const schedule = scheduleOf(window, desk.zone) ?? desk.refuse(cannot('no-such-schedule'));
  if (uses === null) return { ...schedule, special: null };
  if (uses !== 1) desk.refuse(cannot('once-or-without-limit'));
  if (schedule.yearDay || schedule.weekDay) desk.refuse(cannot('once-or-in-a-window'));
  return { ...schedule, special: 'disposable' };
}

/** What is asked for at first: as above, or one of the other types; a time from the first use on, if it is the one that the lock has. */
async function allowedAtFirst(desk: Desk, { window, uses, lastsMs, duress }: CommandOf<'createGrant'>): Promise<Allowed> {
  const allowed = allowedBy(desk, window, uses);
  if (lastsMs === undefined && !duress) return allowed;
  const isPlain = !allowed.special && !allowed.yearDay && !allowed.weekDay;
  if (!isPlain || (lastsMs !== undefined && duress)) desk.refuse(cannot('one-type-for-a-user'));
  if (lastsMs === undefined) return { ...allowed, special: 'forced' };
  return (await lastsMsOf(desk)) === lastsMs
    ? { ...allowed, special: 'expiring' }
    : desk.refuse(cannot('no-such-time-after-use'));
}

/** Who shall have a new code: the user himself for his first, and one that carries it for each further one. */
async function holderOf(desk: Desk, { user, name }: CommandOf<'createGrant'>, allowed: Allowed): Promise<Person> {
  if (user === null) return addPerson(desk, name, 0);
  const person = await personOfId(desk, user);
  if (person.pins.length === 0) return person;
  const own = person.index > maxCarriedFor ? null : await unless(['conflict'], () => addPerson(desk, name, person.index));
  const canShare = typeOf(allowed) === userTypes.unrestricted && person.type === userTypes.unrestricted && !person.isDisabled;
  return own ?? (canShare ? person : desk.refuse(cannot('one-window-for-a-user')));
}

/**
 * Clears a code. Whose last credential it was is cleared with it (5.2.10.24), and was asked for all the same: he is put back,
 * by who made him. Whether the user is there still as he was, the code apart.
 */
async function clearLast(desk: Desk, person: Person, pin: number, ownFabric: number | null): Promise<boolean> {
  await desk.invoke('clearCredential', credential(pin));
  if (person.pins.length !== 1) return true;
  const now = await personAt(desk, person.index);
  if (now) return now.uniqueId === person.uniqueId;
  if (person.maker === null || ownFabric === null || person.maker === ownFabric) await putBack(desk, person);
  return false;
}

/**
 * After a grant that did not come about: nothing of it stays, as far as the lock still hears us. A user gets his old type back
 * only when no code of the new window can be there: it would open at any time.
 */
async function takeBack(
  desk: Desk,
  person: Person,
  written: number | null,
  isPlain: boolean,
  ownFabric: number | null,
): Promise<void> {
  await quietly(async () => {
    // What carries nothing has nothing to be found by.
    if (isCarrier(person)) await unless(['lock', 'missing'], () => desk.invoke('clearUser', { userIndex: person.index }));
    else {
      const now = written === null ? null : await personAt(desk, person.index);
      if (written !== null && now?.pins.includes(written)) await clearLast(desk, now, written, ownFabric);
      if (!isPlain) await changePerson(desk, person.index, { userType: person.type });
    }
  });
}

export async function createGrant(desk: Desk, command: CommandOf<'createGrant'>, ownFabric: number | null): Promise<GrantView> {
  const allowed = await allowedAtFirst(desk, command);
  const isPlain = typeOf(allowed) === userTypes.unrestricted;
  const person = await holderOf(desk, command, allowed);
  let written: number | null = null;
  try {
    const pin = await freePin(desk);
    // The window first: a code without its window would open at once.
    if (!isPlain || person.type !== userTypes.unrestricted) await allow(desk, person, allowed);
    written = pin;
    await addPin(desk, pin, person.index, desk.secrets.digits(command.pin));
    const now = (await personAt(desk, person.index)) ?? person;
    return await shown(desk, now, pin, ownFabric, () => viewOf(desk, now, pin, ownFabric));
  } catch (stop) {
    await takeBack(desk, person, written, isPlain, ownFabric);
    throw stop;
  }
}

/** The grant behind an id; ends the command where there is none. */
async function found(desk: Desk, id: string): Promise<{ person: Person; pin: number }> {
  const pin = placeOf(desk.slots.pins, id);
  const status = pin === null ? {} : await desk.invoke('getCredentialStatus', credential(pin));
  const index = status['credentialExists'] === true ? number(status['userIndex']) : null;
  const person = index === null ? null : await personAt(desk, index);
  return person && pin !== null ? { person, pin } : desk.refuse(cannot('no-such-grant', 'missing'));
}

export async function readGrant(desk: Desk, id: string, ownFabric: number | null): Promise<GrantView> {
  const { person, pin } = await found(desk, id);
  return viewOf(desk, person, pin, ownFabric);
}

/**
 * What the lock took, read back. Where somebody has removed it since, it is shown as it was made, without its window: a refusal
 * would say that nothing was done.
 */
const shown = async (
  desk: Desk,
  taken: Person,
  pin: number,
  ownFabric: number | null,
  readBack: () => Promise<GrantView>,
): Promise<GrantView> => (await unless(['missing'], readBack)) ?? viewWith(desk, taken, pin, ownFabric, { window: null });

/** What a grant allows after a change; null where that stays as it is. */
async function allowedAfter(desk: Desk, person: Person, { window, uses }: Change): Promise<Allowed | null> {
  if (window === undefined && uses === undefined) return null;
  const now = window ?? (await windowOf(desk, person)) ?? desk.refuse(cannot('no-such-schedule'));
  return allowedBy(desk, now, uses === undefined ? (isOnce(person) ? 1 : null) : uses);
}

export async function changeGrant(desk: Desk, id: string, change: Change, ownFabric: number | null): Promise<GrantView> {
  const { person, pin } = await found(desk, id);
  // Another type would take the end of his time from him, or the alarm.
  const isOtherwise = change.window !== undefined || change.uses !== undefined;
  if (isOtherwise && (isLasting(person) || person.type === userTypes.forced)) desk.refuse(cannot('one-type-for-a-user'));
  const allowed = await allowedAfter(desk, person, change);
  const touchesUser = allowed !== null || change.suspended !== undefined || change.name !== undefined;
  // A window, a suspension and a name are the user's: they would change his other codes too.
  if (touchesUser && person.pins.length > 1) desk.refuse(cannot('shared-with-another-code'));
  if (change.name !== undefined && !isCarrier(person)) desk.refuse(cannot('codes-have-no-name'));
  // Suspended and spent, or over, are one state of his: resumed he might be good for once more.
  if (change.suspended !== undefined && endsByUse(person))
    desk.refuse(cannot(isOnce(person) ? 'once-cannot-be-suspended' : 'expiring-cannot-be-suspended'));
  const isRenewed = isOnce(person) && change.uses !== undefined;
  if (allowed && person.isDisabled && !isRenewed && (isOnce(person) || allowed.special))
    desk.refuse(cannot('spent-or-suspended'));
  if (change.name !== undefined) await changePerson(desk, person.index, { userName: change.name });
  if (allowed) await allow(desk, person, allowed);
  if (change.suspended !== undefined)
    await changePerson(desk, person.index, { userStatus: change.suspended ? userStates.disabled : userStates.enabled });
  if (change.pin !== undefined) await changePin(desk, pin, person.index, desk.secrets.digits(change.pin));
  const isDisabled = change.suspended ?? person.isDisabled;
  const after: Person = {
    ...person,
    name: change.name ?? person.name,
    type: allowed ? typeOf(allowed) : person.type,
    isDisabled,
  };
  return shown(desk, after, pin, ownFabric, () => readGrant(desk, id, ownFabric));
}

export async function revokeGrant(desk: Desk, id: string, ownFabric: number | null): Promise<GrantView> {
  const { person, pin } = await found(desk, id);
  const view = await viewOf(desk, person, pin, ownFabric);
  if (isCarrier(person)) await desk.invoke('clearUser', { userIndex: person.index });
  else {
    const stays = await clearLast(desk, person, pin, ownFabric);
    // The next code of this user starts without a window, and is not suspended.
    if (stays && person.pins.length === 1 && (person.type !== userTypes.unrestricted || person.isDisabled))
      await changePerson(desk, person.index, { userType: userTypes.unrestricted, userStatus: userStates.enabled });
  }
  return { ...view, wish: 'revoked' };
}

export async function grantPage(desk: Desk, ownFabric: number | null): Promise<Page<GrantView>> {
  const items: GrantView[] = [];
  for (const person of (await everybody(desk)).filter((one) => !isOwnUser(one)))
    for (const pin of person.pins) {
      const view = await unless(['missing'], () => viewOf(desk, person, pin, ownFabric));
      if (view) items.push(view);
    }
  return { items, cursor: null };
}
