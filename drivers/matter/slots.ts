import type { Random } from '../../contract/world.ts';

/**
 * Matter knows users and codes by their place, and gives a place again. The second that has a place since this driver began
 * has another id: who keeps the id of what is gone does not hit what came after it.
 */
export interface Slot {
  readonly kind: 'user' | 'pin';
  readonly capacity: number;
  /** The place that is tried next. */
  next: number;
  /** How often each place was taken by this driver. */
  readonly taken: Map<number, number>;
}
export interface Slots {
  readonly users: Slot;
  readonly pins: Slot;
  /** For whom a user, by his id, carries a code (see `uniqueIdOf`); absent where nobody has looked. */
  readonly carriers: Map<string, number | null>;
  /** How often the user with this id was put back after the lock had cleared him with his last credential. */
  readonly putBack: Map<string, number>;
  /** Ids of codes of our own, there or gone; whether one may be there; who waits for his turn with one; how many there were. */
  readonly own: {
    readonly codes: Set<string>;
    isDirty: boolean;
    turn: Promise<unknown>;
    /** Places that are kept for it. */
    readonly place?: { readonly user: number; readonly pin: number };
    count: number;
  };
  /** The place of the holiday schedule that was set here; null for none. */
  holiday: number | null;
}

export const slotOf = (kind: Slot['kind'], capacity: number, random: Random): Slot => ({
  kind,
  capacity,
  next: random.below(capacity),
  taken: new Map(),
});

/** The id of what is in a place now, or of what was there when it was taken so many times less. */
export function idAt(slot: Slot, index: number, before = 0): string {
  const times = (slot.taken.get(index) ?? 0) - before;
  return times > 1 ? `${slot.kind}-${index}.${times}` : `${slot.kind}-${index}`;
}

/** The place that an id means; null where it is none, or one that something else has taken since. */
export function placeOf(slot: Slot, id: string): number | null {
  const found = /^(user|pin)-([1-9]\d{0,4})(?:\.(\d{1,5}))?$/.exec(id);
  if (found?.[1] !== slot.kind) return null;
  const index = Number(found[2]);
  // What an earlier run made is known by its place alone.
  return !slot.taken.has(index) || idAt(slot, index) === id ? index : null;
}

/** Takes a free place, null where there is none: one that was given back is taken again only after all others. */
export async function freePlace(slot: Slot, isFree: (index: number) => Promise<boolean>, first?: number): Promise<number | null> {
  const take = (index: number): number => {
    slot.taken.set(index, (slot.taken.get(index) ?? 0) + 1);
    return index;
  };
  if (first !== undefined && (await isFree(first))) return take(first);
  for (let step = 0; step < slot.capacity; step++) {
    const index = 1 + (slot.next % slot.capacity);
    slot.next += 1;
    if (await isFree(index)) return take(index);
  }
  return null;
}

/** A place that was taken for what the lock then refused: nothing had an id there. */
export const giveBack = (slot: Slot, index: number): void => void slot.taken.set(index, (slot.taken.get(index) ?? 1) - 1);
