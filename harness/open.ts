import { randomBytes } from 'node:crypto';
import type { HttpLink, Inbound } from '../contract/link.ts';
import { fromRfc3339 } from '../contract/rfc3339.ts';
import type { Secrets } from '../contract/secrets.ts';
import type { Vendor } from '../contract/vendor.ts';
import { deviceSecret } from '../contract/target.ts';
import type { World } from '../contract/world.ts';
import { realClock, travelClock } from '../rig/clock.ts';
import { httpLink } from '../rig/http.ts';
import { receiver } from '../rig/receiver.ts';
import { virtualClock } from '../simulators/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { digitsOf, type Ground, join, type Parts, TargetTrouble } from './bench.ts';
import { twinDebug, targetDebug } from './debug-port.ts';
import { targetDevice, twinDevice } from './device.ts';
import { targetNode } from './cluster.ts';
import { targetDoor } from './door.ts';
import { vendor as vendorOf, vendorNames } from './catalogue.ts';
import { runSecrets } from './secrets.ts';
import type { FeedEnd } from './feed-end.ts';
import type { Target } from './target.ts';
import { memoryInbound } from './receiver.ts';
import { softGround } from './soft.ts';
import { noWires, transportWires } from './wires.ts';

/** A Monday morning with no change of clocks near. */
const quietMs = fromRfc3339('2026-03-02T08:00:00Z') ?? 0;
const longestRunMs = 3 * 366 * 86_400_000;

/** `made`: a vendor in the place of the one that the target names, e.g. with a twin of another shape. */
export async function ground(target: Target, made?: Vendor): Promise<Ground> {
  const vendor = made ?? (await vendorOf(target.vendor));
  if (!vendor) throw new TargetTrouble(`there is no vendor ${target.vendor}; known are ${(await vendorNames()).join(', ')}`);
  const route = vendor.routes.find((one) => one.kind === target.route);
  if (!route)
    throw new TargetTrouble(
      `${target.vendor} has no route ${target.route}; it has ${vendor.routes.map((one) => one.kind).join(', ')}`,
    );
  if (target.bench === 'rig' && route.needs.includes('http') && target.url === null)
    throw new TargetTrouble(
      `${target.vendor} is reached over HTTP: write the origin of its platform, e.g. url: https://platform.example`,
    );
  const parts = { target, vendor, route };
  if (target.bench === 'rig') return rigGround(parts);
  if (!vendor.twin) throw new TargetTrouble(`${target.vendor} has no simulated twin: use bench rig and a url`);
  return target.bench === 'soft' ? softGround(parts) : twinGround(parts);
}

const unchecked = { notes: new Set<string>(), check: async () => null } as const;

function twinGround(parts: Parts): Ground {
  const make = parts.vendor.twin;
  if (!make) throw new TargetTrouble(`${parts.vendor.id} has no twin`);
  return {
    ...parts,
    fresh: true,
    async open(options) {
      const virtual = virtualClock({ startMs: options.startMs ?? quietMs, limitMs: longestRunMs });
      const world: World = { clock: virtual.clock, random: seededRandom(options.seed) };
      const secrets = runSecrets(options.seed, digitsOf(parts.target));
      // The twin is loaded on its first use: that is real work, during which virtual time must not move.
      const { inbound, post } = memoryInbound();
      const twin = await virtual.run(() =>
        virtual.hold(make(world, parts.target.declaration, secrets, options.faults ?? [], post)),
      );
      const http = parts.route.needs.includes('http') ? { http: handlerLink((request) => twin.fetch(request)) } : {};
      const near = twin.cluster ? { cluster: twin.cluster } : {};
      const travel = async (byMs: number): Promise<null> => {
        await virtual.clock.sleep(byMs);
        return null;
      };
      const named = { vendor: parts.vendor, declaration: parts.target.declaration, symbolOf: secrets.symbolOf };
      const wires = [twinDevice(twin, world, named), twinDebug(twin, world.clock)];
      return {
        ...join(parts, {
          world,
          twin,
          links: { ...http, ...near, inbound },
          travel,
          secrets,
          options,
          fixture: twin.fixture,
          wires,
        }),
        secrets,
        feedEnd: { cursor: null },
        drive: (main) => virtual.run(main),
      };
    },
    ...unchecked,
    close: async () => undefined,
  };
}

async function rigGround(parts: Parts): Promise<Ground> {
  const { target, route } = parts;
  const salt = randomBytes(16).toString('hex');
  const feedEnd: FeedEnd = { cursor: null };
  // One clock for all: two readings of the wall clock differ by a millisecond. Limits of lines are of real time.
  const patience = realClock();
  const { clock, advance } = travelClock(patience);
  const door = target.plant === undefined ? null : await targetDoor(target.plant, clock, patience);
  if (typeof door === 'string')
    throw new TargetTrouble(`the plant does not answer: ${door}; see the ports in reach with: lockproof targets scan`);
  let symbolOf: Secrets['symbolOf'] = () => 'other';
  const named = { vendor: parts.vendor, declaration: target.declaration, symbolOf: (digits: string) => symbolOf(digits) };
  const device = target.device && target.consent.mayMove ? targetDevice(target.device, named, patience) : null;
  const inbound = target.receiver && (await targetReceiver(target.receiver));
  const node = route.needs.includes('cluster') ? await targetNode(target) : null;
  if (node?.kind === 'trouble') {
    await door?.close();
    await inbound?.close();
    throw new TargetTrouble(node.what, node.next);
  }
  const notes = new Set<string>(node?.differs);
  const parting = leaveOf(async () => [await device?.parting(), await node?.leave()]);
  const journey = target.consent.mayMove ? (door?.travel ?? null) : null;
  const travel = journey && ((byMs: number) => journey(byMs, advance));
  return {
    ...parts,
    fresh: false,
    async open(options) {
      const world: World = { clock, random: seededRandom(options.seed) };
      const secrets = runSecrets(options.seed, digitsOf(target), salt);
      symbolOf = secrets.symbolOf;
      const trust = target.caPem !== null && { caPem: target.caPem };
      const http = target.url === null ? null : httpLink({ url: target.url, ...trust });
      await door?.ready();
      if (target.cluster) secrets.keep(target.cluster.setupCode);
      if (target.device) secrets.keep(deviceSecret(target.device)[1]);
      const deaf = (await device?.ready()) ?? null;
      const isTls = target.url?.startsWith('https:') ?? false;
      const wires = [
        ...(isTls ? [transportWires({ url: target.url ?? '', caPem: target.caPem })] : []),
        // What its protocol has no words for is known before anybody answers.
        ...(device ? [deaf === null ? device.wires : { ...noWires, lacks: device.wires.lacks ?? new Map() }] : []),
        ...(target.debug && 'port' in target.debug ? [targetDebug(target.debug, patience)] : []),
      ];
      const fixture = door?.fixture ?? null;
      const joined = join(parts, {
        world,
        twin: null,
        links: { ...(http && { http }), ...(node && { cluster: node.link }), ...(inbound && { inbound }) },
        travel,
        secrets,
        options,
        fixture,
        wires,
      });
      return { ...joined, secrets, feedEnd, deaf, drive: (main) => main() };
    },
    notes,
    check: async () => (door && target.consent.mayMove ? door.check() : null),
    parting,
    close: async () => {
      await parting();
      await device?.close();
      await door?.close();
      await inbound?.close();
    },
  };
}

/** Leave is taken once, however often it is asked for; what is left is told in one sentence. */
function leaveOf(part: () => Promise<readonly (string | null | undefined)[]>): () => Promise<string | null> {
  let left: Promise<string | null> | null = null;
  const once = async (): Promise<string | null> => {
    const stuck = (await part()).filter((why) => typeof why === 'string');
    return stuck.length > 0 ? stuck.join('; ') : null;
  };
  return () => (left ??= once());
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
