import type { HttpLink, Links } from '../contract/link.ts';
import type { CommandName } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Fixture } from '../contract/plant.ts';
import type { Secrets } from '../contract/secrets.ts';
import type { Bench, Route, Twin, Vendor } from '../contract/vendor.ts';
import type { Wires } from '../contract/wire.ts';
import type { World } from '../contract/world.ts';
import type { Fault } from '../simulators/decisions.ts';
import type { Fitness } from '../fixture/self-check.ts';
import type { FeedEnd } from './feed-end.ts';
import { bothHands, handOf, nobody } from './hand.ts';
import { receiverWires } from './receiver.ts';
import type { Target } from './target.ts';
import { weatherLink, weatherOf } from './weather.ts';
import { allWires, withoutLock } from './wires.ts';

/** A bench made ready for one run, and the way to let it live until that run has ended. */
export interface Opened {
  readonly bench: Bench;
  readonly api: LockApi;
  readonly secrets: Secrets;
  readonly feedEnd: FeedEnd;
  /** Why the lock's own link cannot be used, with the next step; null or left out where it can, or where none is named. */
  readonly deaf?: string | null;
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
  /** Takes leave of a target that had let us in; null, or a sentence of what is left there. Left out where nobody has to. */
  parting?(): Promise<string | null>;
  close(): Promise<void>;
}

/** Thrown when a target names something that is not there; the command line tells it and ends with 3. */
export class TargetTrouble extends Error {
  readonly next: string;
  constructor(what: string, next = 'correct the target file, or see: lockproof list targets') {
    super(what);
    this.next = next;
  }
}

/** What a target is about. */
export type Parts = Pick<Ground, 'target' | 'vendor' | 'route'>;

/** What a bench is put together from. */
export interface Pieces {
  readonly world: World;
  /** What is simulated: who may ask of it, and what can be done to it. Null on a rig. */
  readonly twin: Pick<Twin, 'access' | 'happen' | 'locks' | 'close'> | null;
  readonly links: Links;
  readonly travel: Bench['travel'];
  readonly secrets: Secrets;
  readonly options: OpenOptions;
  readonly fixture: Fixture | null;
  readonly wires: readonly Wires[];
}

/** Puts a bench together, and the driver of its platform on it. */
export function join({ target, route }: Parts, pieces: Pieces): { bench: Bench; api: LockApi } {
  const { world, twin, travel, secrets, options, fixture } = pieces;
  const { http, cluster } = pieces.links;
  const way = http && weatherLink(options.between?.(http) ?? http, world.clock);
  const near = cluster && weatherLink(cluster, world.clock);
  const links = { ...pieces.links, ...(way && { http: way.link }), ...(near && { cluster: { ...cluster, ...near.link } }) };
  const locks = twin?.locks ?? target.locks.map((lock) => lock.id);
  const access = { ...twin?.access, ...target.access };
  const isAlone = options.apiOnly ?? false;
  const api = route.connect(world, links, access, secrets, target.declaration, locks);
  const hand = isAlone || !target.consent.mayMove ? null : bothHands(fixture, api.hand ?? null);
  const sky = weatherOf(isAlone ? null : twin, hand, (way ?? near)?.happen ?? null);
  const inbound = links.inbound && api.receive ? [receiverWires(links.inbound, api.receive)] : [];
  const wires = allWires([...pieces.wires, ...inbound]);
  const bench: Bench = {
    kind: target.bench,
    world,
    links,
    access,
    plant: hand ? handOf(hand, secrets) : nobody,
    wires: isAlone || !target.consent.mayMove ? withoutLock(wires) : wires,
    weather: sky,
    travel,
    locks,
    fresh: twin !== null,
    async close() {
      links.inbound?.listen(null);
      await (way ?? near)?.link.close();
      await twin?.close();
    },
  };
  return { bench, api: allowed(api, target) };
}

/** What nobody consented to is not offered: the bolt stays where it is, and what others put on the lock too. */
function allowed(api: LockApi, { consent }: Target): LockApi {
  const moving: readonly CommandName[] = consent.mayMove ? [] : ['lock', 'unlock', 'setMode', 'scheduleMode', 'clearModes'];
  const wiping: readonly CommandName[] = consent.mayWipe ? [] : ['replaceLock', 'installFirmware'];
  const barred = new Set([...moving, ...wiping]);
  return { ...api, commands: new Set([...api.commands].filter((command) => !barred.has(command))) };
}

/** How long the PINs of a target are, in digits. */
export const digitsOf = ({ declaration: { limits } }: Target) => ({
  minDigits: limits.pinMinDigits,
  maxDigits: limits.pinMaxDigits,
});
