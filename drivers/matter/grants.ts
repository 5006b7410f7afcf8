import type { Change, CommandOf, GrantView, Page, Window } from '../../contract/lock.ts';
import { addPin, changePin, credential, freePin } from './codes.ts';
import type { Desk } from './desk.ts';
import { quietly, unless } from './desk.ts';
import { addPerson, changePerson, everybody, isCarrier, isOwnUser, type Person, personAt, personOfId } from './people.ts';
import { idAt, placeOf } from './slots.ts';
import { flagsOf, type Schedule, scheduleOf, windowOfWeekDay, windowOfYearDay } from './windows.ts';
import { cannot, carriesForIn, type Fields, maxCarriedFor, number, userStates, userTypes } from './words.ts';

/** Grants as Matter has them: a PIN in a slot, of a user, under that user's schedule. */

/** The schedule slot that we use; a lock may have more. */
const slot = 1;
const always = (zone: string): Window => ({ startMs: null, endMs: null, zone, recurrence: null });

const features = { yearDay: 'yearDayAccessSchedules', weekDay: 'weekDayAccessSchedules' } as const;

/** A disposable user opens once (5.2.6.18.7). */
const isOnce = (person: Person): boolean => person.type === userTypes.disposable;

/** The window that a user's schedules are, by those that count for his type; null where it is none that we know. */
async function windowOf(desk: Desk, { type, index }: Person): Promise<Window | null> {
  const { zone } = desk;
  if (type === userTypes.unrestricted || type === userTypes.disposable) return always(zone);
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
  const window = await windowOf(desk, person);
  const isScheduled = person.type !== userTypes.unrestricted && !isOnce(person);
  const isStill = !isScheduled || (await personAt(desk, person.index))?.pins.includes(pin) === true;
  return isStill ? viewWith(desk, person, pin, ownFabric, window) : desk.refuse(cannot('no-such-grant', 'missing'));
}

function viewWith(desk: Desk, person: Person, pin: number, ownFabric: number | null, window: Window | null): GrantView {
  const whose = carriesForIn(person.uniqueId) ?? person.index;
  return {
    id: idAt(desk.slots.pins, pin),
    name: isCarrier(person) ? person.name : null,
    user: whose === 0 ? null : idAt(desk.slots.users, whose),
    lock: String(desk.endpoint),
    pin: { kind: 'withheld' },
    window,
    // Once used, the lock itself disables him (5.2.6.18.7): nobody has suspended anything.
    uses: isOnce(person) ? (person.isDisabled ? 0 : 1) : null,
    wish: person.isDisabled && !isOnce(person) ? 'suspended' : 'granted',
    sync: 'confirmed',
    external: ownFabric !== null && person.maker !== null && person.maker !== ownFabric,
  };
}

/** What a grant allows, as a user has it: schedules, or once, or neither. Matter has no user who has both. */
interface Allowed extends Schedule {
  readonly isOnce: boolean;
}

/** One type is for either schedule and for both, and each lock that has schedules has it (5.2.6.18.9); the others it may lack. */
function typeOf({ isOnce: once, yearDay, weekDay }: Allowed): number {
  if (once) return userTypes.disposable;
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
  // Who was good for once and has come is disabled, and would stay so.
  const userStatus = isOnce(person) || allowed.isOnce ? { userStatus: userStates.enabled } : {};
  await changePerson(desk, userIndex, { userType: typeOf(allowed), ...userStatus });
}

function allowedBy(desk: Desk, window: Window, uses: number | null): Allowed {
  const schedule = scheduleOf(window, desk.zone) ?? desk.refuse(cannot('no-such-schedule'));
  if (uses === null) return { ...schedule, isOnce: false };
  if (uses !== 1) desk.refuse(cannot('once-or-without-limit'));
  return schedule.yearDay || schedule.weekDay ? desk.refuse(cannot('once-or-in-a-window')) : { ...schedule, isOnce: true };
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
 * After a grant that did not come about: nothing of it stays, as far as the lock still hears us. A user gets his old type back
 * only when no code of the new window can be there: it would open at any time.
 */
async function takeBack(desk: Desk, person: Person, written: number | null, isPlain: boolean): Promise<void> {
  await quietly(async () => {
    // What carries nothing has nothing to be found by.
    if (isCarrier(person)) await unless(['lock', 'missing'], () => desk.invoke('clearUser', { userIndex: person.index }));
    else {
      const now = written === null ? null : await personAt(desk, person.index);
      if (written !== null && now?.pins.includes(written)) await desk.invoke('clearCredential', credential(written));
      if (!isPlain) await changePerson(desk, person.index, { userType: person.type });
    }
  });
}

export async function createGrant(desk: Desk, command: CommandOf<'createGrant'>, ownFabric: number | null): Promise<GrantView> {
  const allowed = allowedBy(desk, command.window, command.uses);
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
    await takeBack(desk, person, written, isPlain);
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
): Promise<GrantView> => (await unless(['missing'], readBack)) ?? viewWith(desk, taken, pin, ownFabric, null);

/** What a grant allows after a change; null where that stays as it is. */
async function allowedAfter(desk: Desk, person: Person, { window, uses }: Change): Promise<Allowed | null> {
  if (window === undefined && uses === undefined) return null;
  const now = window ?? (await windowOf(desk, person)) ?? desk.refuse(cannot('no-such-schedule'));
  return allowedBy(desk, now, uses === undefined ? (isOnce(person) ? 1 : null) : uses);
}

export async function changeGrant(desk: Desk, id: string, change: Change, ownFabric: number | null): Promise<GrantView> {
  const { person, pin } = await found(desk, id);
  const allowed = await allowedAfter(desk, person, change);
  const touchesUser = allowed !== null || change.suspended !== undefined || change.name !== undefined;
  // A window, a suspension and a name are the user's: they would change his other codes too.
  if (touchesUser && person.pins.length > 1) desk.refuse(cannot('shared-with-another-code'));
  if (change.name !== undefined && !isCarrier(person)) desk.refuse(cannot('codes-have-no-name'));
  // Suspended and spent are one state of his: resumed he would be good for once more.
  if (change.suspended !== undefined && isOnce(person)) desk.refuse(cannot('once-cannot-be-suspended'));
  const isRenewed = isOnce(person) && change.uses !== undefined;
  if (allowed && person.isDisabled && !isRenewed && (isOnce(person) || allowed.isOnce)) desk.refuse(cannot('spent-or-suspended'));
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
    await desk.invoke('clearCredential', credential(pin));
    // The next code of this user starts without a window, and is not suspended.
    if (person.pins.length === 1 && (person.type !== userTypes.unrestricted || person.isDisabled))
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
