import { addPin, freePin } from './codes.ts';
import { type Desk, quietly, unless } from './desk.ts';
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

async function clear(desk: Desk, userIndex: number): Promise<void> {
  const { left } = desk.slots.own;
  left.add(userIndex);
  await quietly(async () => {
    await unless(['missing', 'request'], () => desk.invoke('clearUser', { userIndex }));
    left.delete(userIndex);
  });
}

/** Clears what carries a code of our own and could not be cleared at its time. */
export async function clearLeft(desk: Desk): Promise<void> {
  for (const userIndex of desk.slots.own.left) await clear(desk, userIndex);
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
  // A run that was killed may have left one.
  if (desk.slots.own.count === 0) for (const one of await everybody(desk)) if (isOwnUser(one)) await clear(desk, one.index);
  const { index } = await addPerson(desk, name, ownUse, {
    userType: userTypes.remoteOnly,
    ...(desk.slots.own.place && { place: desk.slots.own.place.user }),
  });
  try {
    await work(await codeFor(desk, index));
  } finally {
    await clear(desk, index);
  }
}
