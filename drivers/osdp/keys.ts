import type { Sight } from './acts.ts';
import { clearForms, commands } from './frame.ts';
import type { Overheard } from './line.ts';
import { type BaseKey, send } from './panel.ts';
import { asked, connect, following, handOf, keyBytes, once, type People, seen, standingOf } from './people.ts';
import { anew, commandOf, type Standing } from './standing.ts';
import { inForm } from './tries.ts';

/** As many exchanges of the key are looked for after a run that died. */
const maxRotations = 8;
/** KEYSET, clause 6.16, table 29: a key of the secure channel. */
const secureChannelKey = 0x01;

const keyset = (key: Uint8Array) => ({ code: commands.keyset, data: Uint8Array.of(secureChannelKey, keyBytes, ...key) });

/** The owner's key is exchanged. */
export async function rotate(people: People): Promise<Sight> {
  const { hands, own } = people;
  const fresh = following(hands.owner.key ?? own);
  const came = await asked(people, 'owner', keyset(fresh.bytes));
  const sight = seen(came, people);
  if (sight.said !== 'done') return sight;
  hands.former = { ...hands.owner };
  hands.owner = handOf(fresh);
  // A reader may go on under the old key until it is met again: so a panel does it at once.
  await connect(people, 'owner');
  return sight;
}

/** Half of the owner's key as a key, in his session: whoever takes it has that half, and behind it what was there or nothing. */
export async function rotateShort(people: People): Promise<Sight> {
  const { hands, own } = people;
  const half = (hands.owner.key ?? own).bytes.subarray(0, keyBytes / 2);
  const data = Uint8Array.of(secureChannelKey, half.length, ...half);
  return seen(await once(people, 'owner', { code: commands.keyset, data }), people);
}

/** Keys that a reader may have which took half a key: the rest of it empty, or as the padding of its packet left it. */
const halved = ({ bytes }: BaseKey): readonly BaseKey[] =>
  [[], [0x80]].map((rest) => {
    const whole = new Uint8Array(keyBytes);
    whole.set([...bytes.subarray(0, keyBytes / 2), ...rest]);
    return { bytes: whole, isDefault: false };
  });

/** A key in clear, in the middle of the owner's session: it is one that `restore` would find. */
export async function rotatePlain(people: People): Promise<Sight> {
  const { hands, own, panel } = people;
  const fresh = following(hands.owner.key ?? own);
  hands.former = handOf(fresh);
  people.isDisturbed = true;
  let clear: Standing = { sequence: standingOf(hands.owner).sequence, channel: null };
  const exchange = { ...panel.at, ...keyset(fresh.bytes) };
  for (const form of clearForms.keys()) {
    const came = await send(panel, clear, commandOf(clear, { ...exchange, ...inForm(form) }), 1);
    if (came.kind === 'good') return seen(came, people);
    // What it refuses it has counted: under the same number again it would only say the same.
    if (came.kind === 'nak') clear = { sequence: came.next.sequence, channel: null };
  }
  // And by somebody who has just begun to speak to the reader.
  people.holder = null;
  return seen(await send(panel, anew, commandOf(anew, exchange), 1), people);
}

/** Puts the owner's own key in force again, whichever of those that follow from it an earlier run left. */
export async function restore(people: People): Promise<string | null> {
  const { line } = people.panel;
  const before = line.overheard();
  const why = await keyRestored(people, before);
  // A reader has one session: with two panels nobody can tell whose it is.
  return line.overheard().commands > before.commands
    ? 'another panel speaks on this line: take it off, or wait until it has ended'
    : why;
}

const giveBack = 'give it the one of scbk again in its installation mode, or run again';

async function keyRestored(people: People, before: Overheard): Promise<string | null> {
  const { hands, own } = people;
  let key = hands.owner.key ?? own;
  // The owner's, those that follow from it, and last what half of it may have become.
  const others = halved(own);
  for (let i = 0; i <= maxRotations + others.length; i++) {
    hands.owner = handOf(key);
    const sight = await connect(people, 'owner');
    if (sight.said === 'done') {
      if (key.bytes === own.bytes) return null;
      const back = await once(people, 'owner', keyset(own.bytes));
      hands.owner = handOf(own);
      if (back.kind !== 'good') return `the reader keeps a key that a run gave it: ${giveBack}`;
      if ((await connect(people, 'owner')).said === 'done') return null;
      return `the reader took its old key back and does not open to it: ${giveBack}`;
    }
    if (sight.said !== 'refused') return unreached[sight.code] ?? unanswered(people, before);
    if (sight.code !== 'key') return `the reader refuses a secure channel (${sight.code}): see that it is set up for one`;
    key = i === 0 ? own : (others[i - maxRotations] ?? following(key));
  }
  return 'the reader has another key: check scbk in the target file';
}

const unreached: Readonly<Record<string, string>> = {
  missing: 'there is no such port: check port under device; the serial ports in reach are listed by: lockproof targets scan',
  busy: 'another program holds the port: end it, or correct port under device',
  permission: 'this user may not open the port: give the user the right to, often by the group dialout',
  settings: 'the port does not take this speed: choose another one as baud under device, and at the reader',
  unplugged: 'the port was lost: check the cable',
  late: 'the port takes nothing: check the cable, and that no flow control is set',
};

/** Why it is silent, as far as the line tells. */
function unanswered({ panel: { line } }: People, before: Overheard): string {
  const { bytes, packets } = line.overheard();
  if (bytes > before.bytes && packets === before.packets)
    return 'what comes on the line is no packet: check the speed of the port, and that the two wires are not exchanged';
  return 'nobody answers at this address of the line: see that the reader has power, and check the port, its speed and the address';
}
