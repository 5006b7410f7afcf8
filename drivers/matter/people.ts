import type { Page, UserView } from '../../contract/lock.ts';
import type { Random } from '../../contract/world.ts';
import type { Desk } from './desk.ts';
import {
  cannot,
  type Fields,
  isFields,
  marks,
  number,
  numberIn,
  operations,
  pinType,
  userId,
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

const isMarked = (person: Person, mark: number): boolean =>
  person.uniqueId !== null && (person.uniqueId & marks.mask) >>> 0 === mark;
/** Whether it only carries a grant of nobody. */
export const isCarrier = (person: Person): boolean => isMarked(person, marks.grant);
/** One that carries nothing, because its grant was broken off, is shown like any user: it could not be found and removed else. */
const isHidden = (person: Person): boolean => isCarrier(person) && person.pins.length > 0;

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
  const index = numberIn(id, 'user');
  const person = index === null || index < 1 ? null : await personAt(desk, index);
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

/** The numbers that a lock has for a kind of thing, and the one that is tried next. */
export interface Slot {
  readonly capacity: number;
  next: number;
}
export interface Slots {
  readonly users: Slot;
  readonly pins: Slot;
}
export const slotsOf = (capacity: number, random: Random): Slot => ({ capacity, next: random.below(capacity) });

/** A free slot: a number that was given back is given again only when all others were, because Matter knows things by it. */
export async function freeSlot(desk: Desk, slot: Slot, isFree: (index: number) => Promise<boolean>): Promise<number> {
  for (let step = 0; step < slot.capacity; step++) {
    const index = 1 + (slot.next % slot.capacity);
    slot.next += 1;
    if (await isFree(index)) return index;
  }
  return desk.refuse(cannot('no-free-slot', 'conflict'));
}

/** Adds a user; `mark` tells what it is for. */
export async function addPerson(desk: Desk, name: string, slot: Slot, mark: number): Promise<Person> {
  const index = await freeSlot(desk, slot, async (one) => (await personAt(desk, one)) === null);
  await desk.invoke('setUser', {
    operationType: operations.add,
    userIndex: index,
    userName: name,
    userUniqueId: (mark + desk.random.below(0xffff)) >>> 0,
    userStatus: userStates.enabled,
    userType: userTypes.unrestricted,
    credentialRule: 0,
  });
  const person = await personAt(desk, index);
  return person ?? desk.refuse(cannot('added-and-gone', 'lock'));
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

export const userView = (person: Person): UserView => ({ id: userId(person.index), name: person.name });

export const userPage = async (desk: Desk): Promise<Page<UserView>> => ({
  items: (await everybody(desk)).filter((one) => !isHidden(one)).map(userView),
  cursor: null,
});
