import { randomBytes } from 'node:crypto';
import { type DeviceCore, standingFor } from '../contract/device.ts';
import type { ByteLink } from '../contract/link.ts';
import type { Fixture, Motion } from '../contract/plant.ts';
import type { Post, Twin, Vendor } from '../contract/vendor.ts';
import { deviceFace } from '../device/face.ts';
import { lockUuids } from '../device/gatt.ts';
import { keyPair } from '../device/noise.ts';
import { fixtureBoard } from '../fixture/face.ts';
import { simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { answerQuestions } from '../rig/child.ts';
import { travelClock } from '../rig/clock.ts';
import { httpsPoster } from '../rig/poster.ts';
import { servePty } from '../rig/pty.ts';
import { serveHttps } from '../rig/server.ts';
import { throwAwayTls } from '../rig/tls.ts';
import { seededRandom } from '../simulators/random.ts';
import { faults as allFaults, vendor as vendorOf } from './catalogue.ts';
import { landing } from './receiver.ts';
import { runSecrets } from './secrets.ts';
import { type SoftAsk, softAskSchema, type SoftPlace, type SoftStand, type SoftTwin } from './soft-words.ts';

/** The program that a soft bench stands in: platform, locks, hand and radio, simulated, behind wires. Nothing else is shared. */

const baud = 115_200;
const keyBytes = 32;
const baseKeyBytes = 16;
/** One of those for documentation (RFC 9542), and a usual MTU less 3. */
const address = '00:00:5E:00:53:AA';
const valueBytes = 182;
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const travelling = travelClock();
const { clock } = travelling;
type Ways = Pick<SoftTwin, 'plant' | 'device' | 'debug'>;

interface Standing {
  readonly asked: SoftStand;
  readonly make: NonNullable<Vendor['twin']>;
  readonly post: Post;
  readonly landed: () => Promise<void>;
}

let standing: Standing | null = null;
let twin: Twin | null = null;
let ways: (Ways & { readonly to: (next: Twin) => void }) | null = null;
const ends: (() => Promise<void>)[] = [];

async function stand(asked: SoftStand): Promise<SoftPlace> {
  const make = (await vendorOf(asked.vendor))?.twin;
  if (!make) throw new Error(`${asked.vendor} has no simulated twin`);
  const tls = await throwAwayTls();
  const server = await serveHttps(async (request) => (twin ? twin.fetch(request) : new Response(null, { status: 503 })), tls);
  ends.push(() => server.close());
  standing = { asked, make, ...landing(httpsPoster(asked.hooks)) };
  return { url: server.url, caPem: tls.caPem };
}

async function renew({ seed, faults }: Extract<SoftAsk, { do: 'renew' }>): Promise<SoftTwin> {
  if (!standing) throw new Error('nothing stands here yet');
  const { make, post, landed, asked } = standing;
  const { pinMinDigits: minDigits, pinMaxDigits: maxDigits } = asked.declaration.limits;
  const on = (await allFaults()).filter(({ name }) => faults.includes(name));
  if (on.length < faults.length) throw new Error(`one of these faults is not in the catalogue: ${faults.join(', ')}`);
  // What the platform of the run before still had under way is not for this one.
  await landed();
  const world = { clock, random: seededRandom(seed) };
  const next = await make(world, asked.declaration, runSecrets(seed, { minDigits, maxDigits }), on, post);
  twin = next;
  ways?.to(next);
  ways ??= await waysTo(next);
  const { plant, device, debug } = ways;
  return { access: next.access, locks: [...next.locks], plant, device, debug };
}

/** A fixture that stands for another, which may be exchanged: every run has a simulated lock of its own, all have one wire. */
function relay(first: Fixture): { readonly fixture: Fixture; to(next: Fixture): void } {
  const watchers = new Set<(motion: Motion) => void>();
  const tell = (motion: Motion): void => {
    for (const heard of watchers) heard(motion);
  };
  let now = first;
  let stop = first.watch(tell);
  return {
    fixture: {
      can: first.can,
      sees: first.sees,
      act: (act) => now.act(act),
      look: () => now.look(),
      watch: (heard) => {
        watchers.add(heard);
        return () => {
          watchers.delete(heard);
        };
      },
    },
    to(next) {
      stop();
      now = next;
      stop = next.watch(tell);
    },
  };
}

/** Serial ports of the hand and of the debug port, and the lock on a radio with a D-Bus of its own. */
async function waysTo(first: Twin): Promise<NonNullable<typeof ways>> {
  const relayed = relay(first.fixture);
  let now = first;
  const port = async (serve: (link: ByteLink) => void) => {
    const pty = await servePty(serve);
    if (pty.kind === 'missing') return pty.why;
    ends.push(() => pty.close());
    return { port: pty.path, baud };
  };
  const board = { name: 'simulated-hand', boot: randomBytes(4).toString('hex') };
  const plant = await port(fixtureBoard(relayed.fixture, board, clock));
  const debug = first.debugPort ? await port((link) => now.debugPort?.(link)) : 'the lock has no debug port';
  const { device, to } = first.ownLine ? await line(first.ownLine, port) : await radio(first);
  return {
    plant,
    debug,
    device,
    to: (next) => {
      now = next;
      relayed.to(next.fixture);
      to(next);
    },
  };
}

type Device = Pick<SoftTwin, 'device'> & { readonly to: (next: Twin) => void };
type Port = (serve: (link: ByteLink) => void) => Promise<{ port: string; baud: number } | string>;

/** An open line that is given from one to the next: only the last who listens hears. */
function handedOver(link: ByteLink): ByteLink {
  let now: Parameters<ByteLink['listen']> = [() => undefined, () => undefined];
  link.listen(
    (bytes) => now[0](bytes),
    (why) => now[1](why),
  );
  return { ...link, listen: (...next) => void (now = next) };
}

/** A lock that speaks its vendor's own protocol on a line. */
async function line(first: NonNullable<Twin['ownLine']>, port: Port): Promise<Device> {
  const key = randomBytes(baseKeyBytes);
  let current: ByteLink | null = null;
  let serve = first(key);
  const made = await port((link) => {
    current = handedOver(link);
    serve(current);
  });
  return {
    device: typeof made === 'string' ? made : { ...made, scbk: toHex(key), address: 0, output: 0 },
    to: (next) => {
      if (!next.ownLine) return;
      serve = next.ownLine(key);
      if (current) serve(current);
    },
  };
}

async function radio(first: Twin): Promise<Device> {
  const bus = await privateBus();
  if (bus.kind === 'missing') return { device: bus.why, to: () => undefined };
  const lock = keyPair(randomBytes(keyBytes));
  const owner = keyPair(randomBytes(keyBytes));
  const coreOf = ({ deviceCore }: Twin): DeviceCore => {
    if (!deviceCore) throw new Error('the twin has no link of its own');
    return deviceCore(toHex(owner.open));
  };
  let core = coreOf(first);
  const serve = deviceFace({ core: standingFor(() => core), key: lock, clock, bytes: randomBytes });
  const air = await simulatedRadio(bus.address, { address, name: 'simulated lock', uuids: lockUuids, valueBytes, serve });
  ends.push(async () => {
    await air.close();
    await bus.close();
  });
  return {
    device: { address, adapter: 'hci0', bus: bus.address, lockKey: toHex(lock.open), ownerKey: toHex(owner.secret) },
    to: (next) => void (core = coreOf(next)),
  };
}

async function answer(what: unknown): Promise<unknown> {
  const asked = softAskSchema.parse(what);
  if (asked.do === 'stand') return stand(asked);
  if (asked.do === 'renew') return renew(asked);
  if (asked.do === 'happen') return twin?.happen(asked.weather);
  if (asked.do === 'rest') return twin?.close();
  await travelling.advance(asked.toMs - clock.nowMs());
  return standing?.landed();
}

answerQuestions(answer, async () => {
  await twin?.close();
  for (const end of ends.toReversed()) await end();
});
