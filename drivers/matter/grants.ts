import type { Change, CommandOf, GrantView, Page, Window } from '../../contract/lock.ts';
import type { Desk } from './desk.ts';
import { unless } from './desk.ts';
import {
  addPerson,
  changePerson,
  everybody,
  freeSlot,
  isCarrier,
  type Person,
  personAt,
  personOfId,
  type Slots,
} from './people.ts';
import { flagsOf, type Schedule, scheduleOf, windowOfWeekDay, windowOfYearDay } from './windows.ts';
import {
  cannot,
  codeBytes,
  type Fields,
  grantId,
  marks,
  number,
  numberIn,
  operations,
  pinType,
  refusalOf,
  userId,
  userStates,
  userTypes,
} from './words.ts';

/** Grants as Matter has them: a PIN in a slot, of a user, under that user's schedule. */

/** The schedule slot that we use; a lock may have more. */
const slot = 1;
const always = (zone: string): Window => ({ startMs: null, endMs: null, zone, recurrence: null });

async function windowOf(desk: Desk, person: Person): Promise<Window | null> {
  const { zone } = desk;
  if (person.type === userTypes.yearDay)
    return windowOfYearDay(await desk.invoke('getYearDaySchedule', { yearDayIndex: slot, userIndex: person.index }), zone);
  if (person.type === userTypes.weekDay)
    return windowOfWeekDay(await desk.invoke('getWeekDaySchedule', { weekDayIndex: slot, userIndex: person.index }), zone);
  return person.type === userTypes.unrestricted ? always(zone) : null;
}

async function viewOf(desk: Desk, person: Person, pin: number, ownFabric: number | null): Promise<GrantView> {
  return {
    id: grantId(pin),
    name: isCarrier(person) ? person.name : null,
    user: isCarrier(person) ? null : userId(person.index),
    lock: String(desk.endpoint),
    pin: { kind: 'withheld' },
    window: await windowOf(desk, person),
    uses: null,
    wish: person.isDisabled ? 'suspended' : 'granted',
    sync: 'confirmed',
    external: ownFabric !== null && person.maker !== null && person.maker !== ownFabric,
  };
}

/** A credential's command answers with a status of its own (5.2.10.21). */
function accepted(desk: Desk, answer: Fields): void {
  const status = number(answer['status']) ?? 0;
  if (status !== 0) desk.refuse(refusalOf({ status, clusterStatus: null }));
}

const setPin = async (desk: Desk, pin: number, userIndex: number, digits: string, operationType: number): Promise<void> =>
  accepted(
    desk,
    await desk.invoke('setCredential', {
      operationType,
      credential: { credentialType: pinType, credentialIndex: pin },
      credentialData: codeBytes(digits),
      userIndex,
      userStatus: null,
      userType: null,
    }),
  );

const credential = (pin: number): Fields => ({ credential: { credentialType: pinType, credentialIndex: pin } });

/** Puts a schedule on a user; the user's type tells the lock that it counts. */
async function setSchedule(desk: Desk, index: number, schedule: Schedule): Promise<void> {
  const type =
    schedule.kind === 'always' ? userTypes.unrestricted : schedule.kind === 'year-day' ? userTypes.yearDay : userTypes.weekDay;
  if (schedule.kind === 'year-day') {
    const { localStartTime, localEndTime } = schedule;
    await desk.invoke('setYearDaySchedule', { yearDayIndex: slot, userIndex: index, localStartTime, localEndTime });
  }
  if (schedule.kind === 'week-day') {
    const { kind: _, daysMask, ...times } = schedule;
    await desk.invoke('setWeekDaySchedule', { weekDayIndex: slot, userIndex: index, daysMask: flagsOf(daysMask), ...times });
  }
  await changePerson(desk, index, { userType: type });
}

const scheduled = (desk: Desk, window: Window): Schedule =>
  scheduleOf(window, desk.zone) ?? desk.refuse(cannot('no-such-schedule'));

export async function createGrant(
  desk: Desk,
  command: CommandOf<'createGrant'>,
  slots: Slots,
  ownFabric: number | null,
): Promise<GrantView> {
  if (command.uses !== null) desk.refuse(cannot('no-use-counts'));
  const schedule = scheduled(desk, command.window);
  const person =
    command.user === null ? await addPerson(desk, command.name, slots.users, marks.grant) : await personOfId(desk, command.user);
  const isShared = person.pins.length > 0 && (schedule.kind !== 'always' || person.type !== userTypes.unrestricted);
  if (isShared) desk.refuse(cannot('one-window-for-a-user'));
  try {
    const pin = await freeSlot(desk, slots.pins, async (one) => {
      const status = await desk.invoke('getCredentialStatus', credential(one));
      return status['credentialExists'] !== true;
    });
    // The window first: a code without its window would open at once.
    if (schedule.kind !== 'always' || person.type !== userTypes.unrestricted) await setSchedule(desk, person.index, schedule);
    await setPin(desk, pin, person.index, desk.secrets.digits(command.pin), operations.add);
    const now = await personAt(desk, person.index);
    return await viewOf(desk, now ?? person, pin, ownFabric);
  } catch (stop) {
    // What carries nothing has nothing to be found by.
    const back = (): Promise<Fields> =>
      command.user === null
        ? desk.invoke('clearUser', { userIndex: person.index })
        : changePerson(desk, person.index, { userType: person.type });
    if (command.user === null || schedule.kind !== 'always') await unless(['lock', 'missing'], back);
    throw stop;
  }
}

/** The grant behind an id; ends the command where there is none. */
async function found(desk: Desk, id: string): Promise<{ person: Person; pin: number }> {
  const pin = numberIn(id, 'pin');
  const status = pin === null || pin < 1 ? {} : await desk.invoke('getCredentialStatus', credential(pin));
  const index = status['credentialExists'] === true ? number(status['userIndex']) : null;
  const person = index === null ? null : await personAt(desk, index);
  return person && pin !== null ? { person, pin } : desk.refuse(cannot('no-such-grant', 'missing'));
}

export async function readGrant(desk: Desk, id: string, ownFabric: number | null): Promise<GrantView> {
  const { person, pin } = await found(desk, id);
  return viewOf(desk, person, pin, ownFabric);
}

export async function changeGrant(desk: Desk, id: string, change: Change, ownFabric: number | null): Promise<GrantView> {
  const { person, pin } = await found(desk, id);
  if (change.uses != null) desk.refuse(cannot('no-use-counts'));
  const schedule = change.window && scheduled(desk, change.window);
  const touchesUser = change.window !== undefined || change.suspended !== undefined || change.name !== undefined;
  // A window, a suspension and a name are the user's: they would change his other codes too.
  if (touchesUser && person.pins.length > 1) desk.refuse(cannot('shared-with-another-code'));
  if (change.name !== undefined && !isCarrier(person)) desk.refuse(cannot('codes-have-no-name'));
  if (change.name !== undefined) await changePerson(desk, person.index, { userName: change.name });
  if (schedule) await setSchedule(desk, person.index, schedule);
  if (change.suspended !== undefined)
    await changePerson(desk, person.index, { userStatus: change.suspended ? userStates.disabled : userStates.enabled });
  if (change.pin !== undefined) await setPin(desk, pin, person.index, desk.secrets.digits(change.pin), operations.modify);
  return readGrant(desk, id, ownFabric);
}

export async function revokeGrant(desk: Desk, id: string, ownFabric: number | null): Promise<GrantView> {
  const { person, pin } = await found(desk, id);
  const view = await viewOf(desk, person, pin, ownFabric);
  if (isCarrier(person)) await desk.invoke('clearUser', { userIndex: person.index });
  else {
    await desk.invoke('clearCredential', credential(pin));
    // The next code of this user starts without a window.
    if (person.pins.length === 1 && person.type !== userTypes.unrestricted)
      await changePerson(desk, person.index, { userType: userTypes.unrestricted });
  }
  return { ...view, wish: 'revoked' };
}

export async function grantPage(desk: Desk, ownFabric: number | null): Promise<Page<GrantView>> {
  const items: GrantView[] = [];
  for (const person of await everybody(desk))
    for (const pin of person.pins) items.push(await viewOf(desk, person, pin, ownFabric));
  return { items, cursor: null };
}
