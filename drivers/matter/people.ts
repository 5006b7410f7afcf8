import type { Page, UserView } from '../../contract/view.ts';
import { type Desk, orElse } from './desk.ts';
import { freePlace, giveBack, idAt, placeOf } from './slots.ts';
import {
  cannot,
  carriesForIn,
  type Fields,
  isFields,
  number,
  operations,
  ownUse,
  pinType,
  uniqueIdOf,
  userStates,
  userTypes,
} from './words.ts';

/** A user of a Matter lock, as GetUser tells (5.2.10.18). */
export interface Person {
  readonly index: number;
  readonly name: string;
  readonly uniqueId: number | null;
  readonly isDisabled: boolean;
  readonly type: number;
  /** Indices of its PINs. */
  readonly pins: readonly number[];
  /** Which administrator made it; a fabric index. */
  readonly maker: number | null;
}

/** Most slots walked; a lock has at most 65534 users, and no list here is that long. */
const maxWalk = 2_000;

/** Whether it only carries a code, of another user or of nobody. */
export const isCarrier = (person: Person): boolean => carriesForIn(person.uniqueId) !== null;
/** Whether it carries a code of our own (see own-code.ts). */
export const isOwnUser = (person: Person): boolean => carriesForIn(person.uniqueId) === ownUse;
/** One that carries nothing, because its grant was broken off, is shown like any user: it could not be found and removed else. */
const isHidden = (person: Person): boolean => isOwnUser(person) || (isCarrier(person) && person.pins.length > 0);

function personOf(answer: Fields): { person: Person | null; next: number | null } {
  const next = number(answer['nextUserIndex']);
  const index = number(answer['userIndex']);
  const status = number(answer['userStatus']);
  if (index === null || status === null || status === 0) return { person: null, next };
  const list = Array.isArray(answer['credentials']) ? answer['credentials'].filter(isFields) : [];
  const person: Person = {
    index,
    name: typeof answer['userName'] === 'string' ? answer['userName'] : '',
    uniqueId: number(answer['userUniqueId']),
    isDisabled: status === userStates.disabled,
    type: number(answer['userType']) ?? userTypes.unrestricted,
    pins: list.flatMap((one) => (number(one['credentialType']) === pinType ? [number(one['credentialIndex']) ?? 0] : [])),
    maker: number(answer['creatorFabricIndex']),
  };
  return { person, next };
}

export const personAt = async (desk: Desk, index: number): Promise<Person | null> =>
  personOf(await desk.invoke('getUser', { userIndex: index })).person;

/** The person behind an id; ends the command where there is none. */
export async function personOfId(desk: Desk, id: string): Promise<Person> {
  const index = placeOf(desk.slots.users, id);
  const person = index === null ? null : await personAt(desk, index);
  return person && !isHidden(person) ? person : desk.refuse(cannot('no-such-user', 'missing'));
}

/** All users of the lock, whoever made them. */
export async function everybody(desk: Desk): Promise<readonly Person[]> {
  const found: Person[] = [];
  let at: number | null = 1;
  for (let step = 0; at !== null && step < maxWalk; step++) {
    const { person, next } = personOf(await desk.invoke('getUser', { userIndex: at }));
    if (person) found.push(person);
    // A lock that leads back would be walked for ever.
    at = next !== null && next > at ? next : null;
  }
  return found;
}

/** Adds a user: one that was asked for, or where `carriesFor` is not null one that carries a code for the user in that place. */
export async function addPerson(
  desk: Desk,
  name: string,
  carriesFor: number | null,
  { userType = userTypes.unrestricted, place: first }: { readonly userType?: number; readonly place?: number } = {},
): Promise<Person> {
  const place = await freePlace(desk.slots.users, async (one) => (await personAt(desk, one)) === null, first);
  const index = place ?? desk.refuse(cannot('no-free-slot', 'conflict'));
  const user = {
    operationType: operations.add,
    userIndex: index,
    userName: name,
    userUniqueId: uniqueIdOf(carriesFor, desk.random.below(0xffff)),
    userStatus: userStates.enabled,
    userType,
    credentialRule: 0,
  };
  await orElse(
    () => desk.invoke('setUser', user),
    () => giveBack(desk.slots.users, index),
  );
  desk.slots.carriers.set(idAt(desk.slots.users, index), carriesFor);
  const person = await personAt(desk, index);
  return person ?? desk.refuse(cannot('added-and-gone', 'lock'));
}

/** Adds a user again whom the lock cleared with his last credential, as one who has none: to who asked for him he was there all the while. */
export async function putBack(desk: Desk, { index, name, uniqueId }: Person): Promise<void> {
  const { slots } = desk;
  const id = idAt(slots.users, index);
  const times = slots.putBack.get(id) ?? 0;
  slots.putBack.set(id, times + 1);
  const user = {
    operationType: operations.add,
    userIndex: index,
    userName: name,
    userUniqueId: uniqueId,
    userStatus: userStates.enabled,
    userType: userTypes.unrestricted,
    credentialRule: 0,
  };
  await orElse(
    () => desk.invoke('setUser', user),
    () => slots.putBack.set(id, times),
  );
}

/** Changes what is named and leaves the rest (5.2.10.16: null keeps). */
export const changePerson = (
  desk: Desk,
  index: number,
  change: { readonly userName?: string; readonly userStatus?: number; readonly userType?: number },
): Promise<Fields> =>
  desk.invoke('setUser', {
    operationType: operations.modify,
    userIndex: index,
    userName: null,
    userUniqueId: null,
    userStatus: null,
    userType: null,
    credentialRule: null,
    ...change,
  });

export const userView = (desk: Desk, person: Person): UserView => ({
  id: idAt(desk.slots.users, person.index),
  name: person.name,
});

export const userPage = async (desk: Desk): Promise<Page<UserView>> => ({
  items: (await everybody(desk)).filter((one) => !isHidden(one)).map((one) => userView(desk, one)),
  cursor: null,
});

/** Removes a user, and with him what carries codes for him. */
export async function removePerson(desk: Desk, person: Person): Promise<void> {
  for (const one of await everybody(desk))
    if (one.index !== person.index && carriesForIn(one.uniqueId) === person.index)
      await desk.invoke('clearUser', { userIndex: one.index });
  await desk.invoke('clearUser', { userIndex: person.index });
}
