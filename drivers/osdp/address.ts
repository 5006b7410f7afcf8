import { nothing, type Sight } from './acts.ts';
import { commands, everybody, replies } from './frame.ts';
import { restore } from './keys.ts';
import { send } from './panel.ts';
import { asked, connect, type People, seen } from './people.ts';
import { anew, commandOf } from './standing.ts';

/** The address that a reader is sent to and fetched back from: one that follows from its own, so that a later run finds it. */
const otherThan = (address: number): number => (address + 1) % everybody;

const isThere = async ({ panel }: People, address: number): Promise<boolean> => {
  const place = { ...panel.at, address };
  const hello = commandOf(anew, { ...place, code: commands.id, data: Uint8Array.of(0) });
  return (await send({ ...panel, at: place }, anew, hello, 1)).kind !== 'silent';
};

/** COMSET, clause 6.13: address and speed; COM, clause 7.13, tells what is in force from now on. The speed stays what it is. */
const comset = (address: number, baud: number): Buffer => {
  const data = Buffer.alloc(5);
  data.writeUInt8(address);
  data.writeUInt32LE(baud, 1);
  return data;
};

/** Between two tries to meet a reader that may be starting anew, ms. */
const againMs = 200;

/** Met by its owner where it was sent: many a reader starts anew for it, and has as long as after a loss of power. */
async function met(people: People): Promise<Sight> {
  const { clock, declaration } = people.parts;
  const untilMs = clock.nowMs() + declaration.timing.reconnectMs;
  for (;;) {
    const sight = await connect(people, 'owner');
    if (sight.said === 'done' || clock.nowMs() + againMs >= untilMs) return sight;
    await clock.sleep(againMs);
  }
}

/** The reader goes to another address, or back to its own, and is met there by the key that it has. */
export async function readdress(people: People, to: 'other' | 'own'): Promise<Sight> {
  const { panel, parts } = people;
  const { baud } = parts;
  const from = panel.at.address;
  const target = to === 'own' ? parts.address : otherThan(parts.address);
  if (baud === null) return { ...nothing, code: 'no-speed' };
  if (target === from) return { ...nothing, code: 'no-other-address' };
  if (await isThere(people, target)) return { ...nothing, code: 'address-taken' };
  const data = comset(target, baud);
  const came = await asked(people, 'owner', { code: commands.comset, data });
  if (came.kind !== 'good') return seen(came, people);
  if (came.code !== replies.com || !data.equals(came.data)) return { ...nothing, said: 'refused', code: 'other-settings' };
  panel.at.address = target;
  const sight = await met(people);
  if (sight.said !== 'done') {
    panel.at.address = from;
    return { ...nothing, code: 'not-there' };
  }
  if (await isThere(people, from)) return { ...sight, code: 'still-there' };
  return came.isReadable ? { ...sight, code: 'unencrypted' } : sight;
}

/** As `restore` of its key, wherever an earlier run that died has left the reader; null, or why it is not as it was. */
export async function fetchedBack(people: People): Promise<string | null> {
  const { panel, parts } = people;
  const why = await restore(people);
  const isLost = why !== null && panel.at.address === parts.address && !(await isThere(people, parts.address));
  if (isLost && parts.baud !== null) {
    panel.at.address = otherThan(parts.address);
    if ((await restore(people)) !== null) {
      panel.at.address = parts.address;
      return why;
    }
  } else if (why !== null) return why;
  if (panel.at.address === parts.address) return why;
  const there = panel.at.address;
  const { said } = await readdress(people, 'own');
  return said === 'done' ? null : `the reader is at address ${there} of the line, and does not go back to ${parts.address}`;
}
