import type { EventView } from '../../contract/event.ts';
import type { CommandOf } from '../../contract/command.ts';
import type { Results } from '../../contract/view.ts';
import { type Desk, unless } from './desk.ts';
import { personAt } from './people.ts';
import { idAt, type Slots } from './slots.ts';
import { carriesForIn, type EventIds, eventOf, isFields, number, ownUse, placesIn } from './words.ts';

/** The events of a lock, with ids in the place of the places that they name. */

/** Events are asked for from a number on; this is the first. */
const firstEvent = 0n;
const maxPage = 500;

/** How the places that an event names are called. */
const idsBy = (
  { carriers, users, own }: Slots,
  userAt: (index: number) => string,
  pinAt: (index: number) => string,
): EventIds => ({
  isCarrier: (index) => (carriers.get(userAt(index)) ?? null) !== null,
  isOwn: (index) => carriers.get(userAt(index)) === ownUse,
  user(index) {
    const whose = carriers.get(userAt(index)) ?? null;
    if (whose === null) return userAt(index);
    return whose === 0 ? null : idAt(users, whose);
  },
  grant: pinAt,
  isOwnCode: (index) => own.codes.has(pinAt(index)),
});

export async function readEvents(desk: Desk, command: CommandOf<'readEvents'>): Promise<Results['readEvents']> {
  const from = command.after === null ? firstEvent : BigInt(/^\d{1,18}$/.test(command.after) ? command.after : '0');
  const raw = await desk.events(from);
  const items = raw.filter(isFields).toSorted((a, b) => (number(a['number']) ?? 0) - (number(b['number']) ?? 0));
  const { slots } = desk;
  const placed = items.map((item) => ({ item, ...placesIn(item) }));
  const found: EventView[] = [];
  // From the end: what was added to a place after an event is not what the event is about.
  const [usersSince, pinsSince] = [new Map<number, number>(), new Map<number, number>()];
  const putBack = new Map(slots.putBack);
  /** Who is put back is first cleared: of neither was anything asked. */
  const cleared = new Set<string>();
  for (const { item, user, pin, isAdded, isCleared } of placed.toReversed()) {
    const userAt = (index: number): string => idAt(slots.users, index, usersSince.get(index));
    const pinAt = (index: number): string => idAt(slots.pins, index, pinsSince.get(index));
    if (user !== null && !usersSince.has(user) && !slots.carriers.has(userAt(user))) {
      // Who may read events may not read users.
      const person = await unless(['permission'], () => personAt(desk, user));
      if (person) slots.carriers.set(userAt(user), carriesForIn(person.uniqueId));
    }
    const event = eventOf(item, String(desk.endpoint), idsBy(slots, userAt, pinAt));
    const who = pin === null && user !== null ? userAt(user) : null;
    const left = who !== null && isAdded ? (putBack.get(who) ?? 0) : 0;
    const isAgain = left > 0 || (who !== null && isCleared && cleared.delete(who));
    if (event) found.push(isAgain ? { ...event, verb: 'detail' } : event);
    if (left > 0 && who !== null) {
      putBack.set(who, left - 1);
      cleared.add(who);
      continue;
    }
    const [since, place] = pin === null ? [usersSince, user] : [pinsSince, pin];
    if (isAdded && place !== null) since.set(place, (since.get(place) ?? 0) + 1);
  }
  const all = found.toReversed();
  const page = all.slice(0, Math.min(command.limit ?? maxPage, maxPage));
  const last = page.at(-1);
  return { items: page, cursor: last ? String(BigInt(last.id) + 1n) : String(from) };
}
