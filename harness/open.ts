import { randomBytes } from 'node:crypto';
import type { HttpLink, Inbound, Links } from '../contract/link.ts';
import { fromRfc3339 } from '../contract/rfc3339.ts';
import type { CommandName, LockApi } from '../contract/lock.ts';
import type { Fixture } from '../contract/plant.ts';
import type { Secrets } from '../contract/secrets.ts';
import type { Bench, Post, Route, Twin, Vendor } from '../contract/vendor.ts';
import type { Weather, WeatherPlace } from '../contract/weather.ts';
import type { Wires } from '../contract/wire.ts';
import type { World } from '../contract/world.ts';
import { travelClock, realClock } from '../rig/clock.ts';
import { httpLink } from '../rig/http.ts';
import { httpsPoster } from '../rig/poster.ts';
import { receiver } from '../rig/receiver.ts';
import { serveHttps } from '../rig/server.ts';
import { throwAwayTls } from '../rig/tls.ts';
import { virtualClock } from '../simulators/clock.ts';
import type { Fault } from '../simulators/decisions.ts';
import { seededRandom } from '../simulators/random.ts';
import type { Fitness } from '../fixture/self-check.ts';
import { radioDevice, targetDevice, twinDevice } from './device.ts';
import { ptyDoor, targetDoor } from './door.ts';
import { handOf, nobody } from './hand.ts';
import { vendor as vendorOf, vendorNames } from './catalogue.ts';
import { runSecrets } from './secrets.ts';
import type { FeedEnd } from './feed-end.ts';
import type { Target } from './target.ts';
import { weatherLink } from './weather.ts';
import { landing, memoryInbound, receiverHost, receiverWires } from './receiver.ts';
import { allWires, transportWires } from './wires.ts';

/** A bench made ready for one run, and the way to let it live until that run has ended. */
export interface Opened {
  readonly bench: Bench;
  readonly api: LockApi;
  readonly secrets: Secrets;
  readonly feedEnd: FeedEnd;
  drive<T>(main: () => Promise<T>): Promise<T>;
}

export interface OpenOptions {
  readonly seed: number;
  /** Epoch ms; null leaves it to the bench. */
  readonly startMs: number | null;
  readonly faults?: readonly Fault[];
  /** Nobody stands at the lock: the platform API alone. */
  readonly apiOnly?: boolean;
  /** Between our driver and the platform, e.g. a proxy that injects faults. */
  readonly between?: (link: HttpLink) => HttpLink;
}

/** A target that can be opened again and again; twin and soft are fresh each time, a rig is what it is. */
export interface Ground {
  readonly target: Target;
  readonly vendor: Vendor;
  readonly route: Route;
  readonly fresh: boolean;
  /** What is not as it should be on this bench, for people. */
  readonly notes: ReadonlySet<string>;
  open(options: OpenOptions): Promise<Opened>;
  /** A check of the bench itself; null where nothing stands at the door that could be checked, or may be moved. */
  check(): Promise<Fitness | null>;
  close(): Promise<void>;
}

/** A Monday morning with no change of clocks near. */
const quietMs = fromRfc3339('2026-03-02T08:00:00Z') ?? 0;
const longestRunMs = 3 * 366 * 86_400_000;

/** Thrown when a target names something that is not there; the command line tells it and ends with 3. */
export class TargetTrouble extends Error {}

export async function ground(target: Target): Promise<Ground> {
  const vendor = await vendorOf(target.vendor);
  if (!vendor) throw new TargetTrouble(`there is no vendor ${target.vendor}; known are ${(await vendorNames()).join(', ')}`);
  const route = vendor.routes.find((one) => one.kind === target.route);
  if (!route)
    throw new TargetTrouble(
      `${target.vendor} has no route ${target.route}; it has ${vendor.routes.map((one) => one.kind).join(', ')}`,
    );
  const parts = { target, vendor, route };
  if (target.bench === 'rig') return rigGround(parts);
  if (!vendor.twin) throw new TargetTrouble(`${target.vendor} has no simulated twin: use bench rig and a url`);
  return target.bench === 'soft' ? softGround(parts) : twinGround(parts);
}

const unchecked = { notes: new Set<string>(), check: async () => null } as const;

type Parts = Pick<Ground, 'target' | 'vendor' | 'route'>;

function twinGround(parts: Parts): Ground {
  return {
    ...parts,
    fresh: true,
    async open(options) {
      const virtual = virtualClock({ startMs: options.startMs ?? quietMs, limitMs: longestRunMs });
      const world: World = { clock: virtual.clock, random: seededRandom(options.seed) };
      const secrets = runSecrets(options.seed, digitsOf(parts.target));
      // The twin is loaded on its first use: that is real work, during which virtual time must not move.
      const { inbound, post } = memoryInbound();
      const twin = await virtual.run(() => virtual.hold(makeTwin(parts, world, secrets, options, post)));
      const http = handlerLink((request) => twin.fetch(request));
      const travel = (byMs: number): Promise<void> => virtual.clock.sleep(byMs);
      const wires = [twinDevice(twin, world, parts.target.declaration)];
      return {
        ...join(parts, { world, twin, links: { http, inbound }, travel, secrets, options, fixture: twin.fixture, wires }),
        secrets,
        feedEnd: { cursor: null },
        drive: (main) => virtual.run(main),
      };
    },
    ...unchecked,
    close: async () => undefined,
  };
}

/** The twin behind real HTTPS with a certificate that only this run trusts, its hand on a serial port and its own link over BLE; time is real, and can be moved forward. */
async function softGround(parts: Parts): Promise<Ground> {
  const tls = await throwAwayTls();
  const travelling = travelClock();
  let twin: Twin | undefined;
  let door: Awaited<ReturnType<typeof ptyDoor>> | null = null;
  let device: Awaited<ReturnType<typeof radioDevice>> | null = null;
  const notes = new Set<string>();
  const inbound = await receiver({ host: receiverHost });
  const { post, landed } = landing(httpsPoster({ host: receiverHost, port: inbound.port, caPem: inbound.caPem }));
  const server = await serveHttps(async (request) => (twin ? twin.fetch(request) : new Response(null, { status: 503 })), tls);
  return {
    ...parts,
    fresh: true,
    async open(options) {
      if (options.startMs !== null && options.startMs > travelling.clock.nowMs())
        await travelling.advance(options.startMs - travelling.clock.nowMs());
      const world: World = { clock: travelling.clock, random: seededRandom(options.seed) };
      const secrets = runSecrets(options.seed, digitsOf(parts.target));
      // What the platform of the run before still had under way is not for this one.
      await landed();
      const own = await makeTwin(parts, world, secrets, options, post);
      twin = own;
      if (typeof door === 'object') door?.to(own.fixture);
      door ??= await ptyDoor(own.fixture, travelling.clock);
      if (typeof device === 'object') device?.to(own);
      device ??= await radioDevice(own, travelling.clock, parts.target.declaration);
      if (typeof device === 'string') notes.add(`the lock is on no radio here: ${device}`);
      if (typeof door === 'string') notes.add(`the hand is on no serial port here: ${door}`);
      const fixture = typeof door === 'string' ? own.fixture : door.fixture;
      const origin = { url: server.url, caPem: tls.caPem };
      const links = { http: httpLink(origin), inbound };
      const wires = [
        transportWires(origin),
        typeof device === 'string' ? twinDevice(own, world, parts.target.declaration) : device.wires,
      ];
      const travel = async (byMs: number): Promise<void> => {
        await travelling.advance(byMs);
        await landed();
      };
      return {
        ...join(parts, { world, twin: { ...own, fixture }, links, travel, secrets, options, fixture, wires }),
        secrets,
        feedEnd: { cursor: null },
        drive: (main) => main(),
      };
    },
    notes,
    check: async () => null,
    close: async () => {
      if (typeof door === 'object') await door?.close();
      if (typeof device === 'object') await device?.close();
      await inbound.close();
      await server.close();
    },
  };
}

async function rigGround(parts: Parts): Promise<Ground> {
  const { target } = parts;
  const salt = randomBytes(16).toString('hex');
  const feedEnd: FeedEnd = { cursor: null };
  // One clock for all: two readings of the wall clock differ by a millisecond.
  const clock = realClock();
  const door = target.plant === undefined ? null : await targetDoor(target.plant, clock);
  if (typeof door === 'string')
    throw new TargetTrouble(`the plant does not answer: ${door}; see the ports in reach with: lockproof targets scan`);
  const device = target.device && target.consent.mayMove ? targetDevice(target.device, target.declaration, clock) : null;
  const inbound = target.receiver && (await targetReceiver(target.receiver));
  const notes = new Set<string>();
  return {
    ...parts,
    fresh: false,
    async open(options) {
      const world: World = { clock, random: seededRandom(options.seed) };
      const secrets = runSecrets(options.seed, digitsOf(target), salt);
      const http = httpLink({ url: target.url ?? '', ...(target.caPem !== null && { caPem: target.caPem }) });
      await door?.ready();
      if (target.device) secrets.keep(target.device.ownerKey);
      const deaf = (await device?.ready()) ?? null;
      if (deaf !== null) notes.add(`the lock’s own link is not in reach: ${deaf}`);
      const isTls = target.url?.startsWith('https:') ?? false;
      const wires = [
        ...(isTls ? [transportWires({ url: target.url ?? '', caPem: target.caPem })] : []),
        ...(device && deaf === null ? [device.wires] : []),
      ];
      const fixture = door?.fixture ?? null;
      const joined = join(parts, {
        world,
        twin: null,
        links: { http, ...(inbound && { inbound }) },
        travel: null,
        secrets,
        options,
        fixture,
        wires,
      });
      return { ...joined, secrets, feedEnd, drive: (main) => main() };
    },
    notes,
    check: async () => (door && target.consent.mayMove ? door.check() : null),
    close: async () => {
      await device?.close();
      await door?.close();
      await inbound?.close();
    },
  };
}

async function targetReceiver({ url, port, authorityPem }: NonNullable<Target['receiver']>): Promise<Inbound> {
  try {
    return await receiver({ host: new URL(url).hostname, port, url, authorityPem });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new TargetTrouble(
      `the receiver of webhooks cannot listen on port ${port} (${code}): choose another one, or end what holds it`,
    );
  }
}

async function makeTwin(parts: Parts, world: World, secrets: Secrets, options: OpenOptions, post: Post): Promise<Twin> {
  if (!parts.vendor.twin) throw new TargetTrouble(`${parts.vendor.id} has no twin`);
  return parts.vendor.twin(world, parts.target.declaration, secrets, options.faults ?? [], post);
}

/** What a bench is put together from. */
interface Pieces {
  readonly world: World;
  readonly twin: (Omit<Twin, 'fixture'> & { readonly fixture: Fixture }) | null;
  readonly links: Links & { readonly http: HttpLink };
  readonly travel: Bench['travel'];
  readonly secrets: Secrets;
  readonly options: OpenOptions;
  readonly fixture: Fixture | null;
  readonly wires: readonly Wires[];
}

function join({ target, route }: Parts, pieces: Pieces): { bench: Bench; api: LockApi } {
  const { world, twin, travel, secrets, options, fixture } = pieces;
  const { link, happen } = weatherLink(options.between?.(pieces.links.http) ?? pieces.links.http, world.clock);
  const links = { ...pieces.links, http: link };
  const access = { ...twin?.access, ...target.access };
  const isAlone = options.apiOnly ?? false;
  const hand = isAlone || !target.consent.mayMove ? null : fixture;
  const sky = weatherOf(isAlone ? null : twin, hand, happen);
  const api = route.connect(world, links, access, secrets, target.declaration);
  const inbound = links.inbound && api.receive ? [receiverWires(links.inbound, api.receive, world.clock)] : [];
  const wires = allWires([...pieces.wires, ...inbound]);
  const bench: Bench = {
    kind: target.bench,
    world,
    links,
    access,
    plant: hand ? handOf(hand, secrets) : nobody,
    wires: isAlone || !target.consent.mayMove ? withoutDevice(wires) : wires,
    weather: sky,
    travel,
    locks: twin?.locks ?? target.locks.map((lock) => lock.id),
    fresh: twin !== null,
    async close() {
      links.inbound?.listen(null);
      await link.close();
      await twin?.close();
    },
  };
  return { bench, api: allowed(api, target) };
}

/** Where nobody may or can touch the lock, its own link is out of reach too. */
const withoutDevice = (wires: Wires): Wires => ({ ...wires, can: new Set([...wires.can].filter((place) => place !== 'device')) });

/** The weather of a bench. Where the way to the lock is real, a shade over its radio cuts it; nothing else can be done to it. */
function weatherOf(
  twin: Pick<Twin, 'happen'> | null,
  fixture: Fixture | null,
  onApi: (weather: Extract<Weather, { on: 'api' }>) => void,
): Bench['weather'] {
  const shade = !twin && fixture?.can.has('shade') ? fixture : null;
  const places: readonly WeatherPlace[] = twin ? ['api', 'lock', 'platform'] : shade ? ['api', 'lock'] : ['api'];
  return {
    can: new Set(places),
    does: ({ on, happens }) => on !== 'lock' || !shade || happens === 'cut' || happens === 'heal',
    async happen(weather) {
      if (weather.on === 'api') onApi(weather);
      else if (twin) await twin.happen(weather);
      else if (shade) {
        const sight = await shade.act({ act: 'shade', on: weather.happens === 'cut' });
        if ('trouble' in sight) return sight;
      }
      return null;
    },
  };
}

/** What nobody consented to is not offered: the bolt stays where it is, and what others put on the lock too. */
function allowed(api: LockApi, { consent }: Target): LockApi {
  const moving: readonly CommandName[] = consent.mayMove ? [] : ['lock', 'unlock'];
  const wiping: readonly CommandName[] = consent.mayWipe ? [] : ['replaceLock', 'installFirmware'];
  const barred = new Set([...moving, ...wiping]);
  return { ...api, commands: new Set([...api.commands].filter((command) => !barred.has(command))) };
}

const digitsOf = ({ declaration: { limits } }: Target) => ({ minDigits: limits.pinMinDigits, maxDigits: limits.pinMaxDigits });

/** A fetch-style handler as a wire: requests and answers pass through real HTTP objects and JSON, not through a socket. */
export function handlerLink(handler: (request: Request) => Promise<Response>): HttpLink {
  return {
    async ask({ method, path, headers, body }, signal) {
      const request = new Request(`https://twin.invalid${path}`, { method, headers, ...(body !== undefined && { body }) });
      const gone = new Promise<'late'>((resolve) => signal.addEventListener('abort', () => resolve('late'), { once: true }));
      const answered = handler(request).then(async (reply) => ({
        kind: 'reply' as const,
        status: reply.status,
        headers: Object.fromEntries(reply.headers),
        body: await reply.text(),
      }));
      const first = await Promise.race([answered, gone]);
      return first === 'late' ? { kind: 'trouble', trouble: 'late', unsent: false } : first;
    },
    close: async () => undefined,
  };
}
