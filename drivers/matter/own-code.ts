import { addPin, freePin } from './codes.ts';
import { carryOut, type Desk, type DeskOptions, quietly, unless } from './desk.ts';
import { wantsCode } from './declared.ts';
import { addPerson, everybody, isOwnUser } from './people.ts';
import { idAt } from './slots.ts';
import { codeBytes, type Fields, ownUse, userTypes } from './words.ts';

/**
 * A lock may take a remote operation only with a PIN (5.2.9.35, RequirePINforRemoteOperation), and an administrator has none.
 * There each operation is done with a code of our own, of a user who is for remote operations alone (5.2.6.18.10), and
 * nothing of it stays: whoever comes to the keypad never meets it. The last place is kept for it, so that also a full lock can be
 * brought back to where it was.
 */
const name = 'lp-own';
/** Symbols of codes that no run presents. */
const [last, many] = [9_999, 1_000];

/** One at a time: there is one place for it, and what is left of one is cleared before the next. */
function inTurn<T>({ slots: { own } }: Desk, work: () => Promise<T>): Promise<T> {
  const mine = own.turn.then(work);
  own.turn = mine.catch(() => undefined);
  return mine;
}

/** Clears who was added a moment ago, whom nobody else can be in the place of. */
async function clear(desk: Desk, userIndex: number): Promise<void> {
  await unless(['missing'], () => desk.invoke('clearUser', { userIndex }));
  desk.slots.own.isDirty = false;
}

/** Clears whoever carries a code of our own, of this run or of one that was killed; nobody else is touched. */
async function sweep(desk: Desk): Promise<void> {
  for (const one of (await everybody(desk)).filter(isOwnUser))
    await unless(['missing'], () => desk.invoke('clearUser', { userIndex: one.index }));
  desk.slots.own.isDirty = false;
}

/** Before each command: what could not be cleared at its time, as far as the lock hears us now. */
export async function clearLeft(desk: Desk): Promise<void> {
  const { own } = desk.slots;
  if (!wantsCode(desk.told) || !own.isDirty) return;
  await inTurn(desk, () => quietly(async () => (own.isDirty ? sweep(desk) : undefined)));
}

/** At the end of a run: clears once more, and looks whether it is gone; null, or a sentence of what may be there still. */
export async function ownCodeLeft(options: DeskOptions): Promise<string | null> {
  // Whatever came of it: what the lock shows after it is what counts.
  await carryOut(options, (desk) => inTurn(desk, () => sweep(desk)));
  const seen = await carryOut(options, async (desk) => (await everybody(desk)).some(isOwnUser));
  if (seen.kind !== 'ok')
    return `a code of our own (user ${name}) may still be on the lock, which does not say: run again when it answers, or remove that user in its app`;
  return seen.value
    ? `a code of our own (user ${name}) is still on the lock, which does not clear it: remove that user in its app`
    : null;
}

/** A code of our own, of a user who is there already. */
async function codeFor(desk: Desk, userIndex: number): Promise<Fields> {
  const { own, pins } = desk.slots;
  const pin = await freePin(desk, own.place?.pin);
  own.codes.add(idAt(pins, pin));
  const digits = desk.secrets.digits(`plain${last - (own.count++ % many)}`);
  await addPin(desk, pin, userIndex, digits);
  return { pinCode: codeBytes(digits) };
}

/** Lets the lock do something that it may want a code for: `work` is given the fields that carry it, none where it wants none. */
export async function withOwnCode(desk: Desk, work: (fields: Fields) => Promise<unknown>): Promise<void> {
  if (!wantsCode(desk.told)) return void (await work({}));
  const { own } = desk.slots;
  await inTurn(desk, async () => {
    if (own.isDirty) await sweep(desk);
    // From before the first word of it until the last was heard.
    own.isDirty = true;
    let added: number | null = null;
    try {
      const { index } = await addPerson(desk, name, ownUse, {
        userType: userTypes.remoteOnly,
        ...(own.place && { place: own.place.user }),
      });
      added = index;
      await work(await codeFor(desk, index));
    } finally {
      await quietly(() => (added === null ? sweep(desk) : clear(desk, added)));
    }
  });
}
