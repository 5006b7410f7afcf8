import type { Declaration } from './declaration.ts';
import type { DeviceCore } from './device.ts';
import type { ByteLine, ByteLink, ClusterLink, Links, TrustFlaw } from './link.ts';
import type { Actor } from './command.ts';
import type { LockApi } from './lock.ts';
import type { Deed, FixtureTrouble, Plant, SureFixture } from './plant.ts';
import type { Secrets } from './secrets.ts';
import type { Weather, WeatherPlace } from './weather.ts';
import type { LinkWires, WirePlace, Wires } from './wire.ts';
import type { Clock, World } from './world.ts';

/**
 * Carries one delivery of a simulated platform to where its URL leads. `trusts` is asked about what is wrong with the other
 * end, before anything is sent. Null: nobody answered, or nothing was sent.
 */
export type Post = (
  delivery: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
  trusts: (flaw: TrustFlaw) => boolean,
) => Promise<{ readonly status: number; readonly body: string; readonly location: string | null } | null>;

export type BenchKind = 'twin' | 'soft' | 'rig';

/** What a run can do besides asking: each is present or reported as missing, never assumed. */
export type Means =
  | `actor:${Actor}`
  | `weather:${WeatherPlace}`
  | `hand:${string}`
  | `wire:${WirePlace}`
  /** Time can be moved forward without waiting. */
  | 'travel'
  /** The system starts fresh and empty for every run. */
  | 'fresh';

/** What a run can see besides answers. */
export type Observation = 'bolt' | 'door' | 'keypad';

/** A secret per actor as the target file names it; what the fields mean is the vendor's. */
export type Access = Readonly<Partial<Record<Actor, Readonly<Record<string, string>>>>>;

/** A place to certify on: wires, hands, and the clock they live by. */
export interface Bench {
  readonly kind: BenchKind;
  readonly world: World;
  readonly links: Links;
  readonly access: Access;
  readonly plant: Plant;
  readonly wires: Wires;
  readonly weather: {
    readonly can: ReadonlySet<WeatherPlace>;
    /** Whether it can happen here, the place given. */
    does(weather: Weather): boolean;
    /** Tells when it happened where that is better known than by when it was asked for. */
    happen(weather: Weather): Promise<Pick<Deed, 'when'> | FixtureTrouble>;
  };
  /** Moves this bench's time forward; null where only waiting helps. */
  readonly travel: ((byMs: number) => Promise<FixtureTrouble | null>) | null;
  /** Ids of the locks that may be driven, first the one called `door`. Empty: ask the API. */
  readonly locks: readonly string[];
  readonly fresh: boolean;
  close(): Promise<void>;
}

/** How an integration reaches a lock: over the internet, over the network of the house, through another's gateway, by the lock's own wire. */
export type RouteKind = 'cloud' | 'local' | 'brokered' | 'device';

export interface Route {
  readonly kind: RouteKind;
  /** Without these it cannot be driven. */
  readonly needs: readonly (keyof Links)[];
  /** `locks`: ids of the doors that the target names. */
  connect(
    world: World,
    links: Links,
    access: Access,
    secrets: Secrets,
    declaration: Declaration,
    locks: readonly string[],
  ): LockApi;
}

/** What the bench's end of a lock's own link is made of. Limits of its waits are by `clock`. */
export interface LinkParts {
  readonly line: ByteLine;
  readonly clock: Clock;
  /** Fresh bytes that nobody can guess. */
  readonly bytes: (count: number) => Uint8Array;
  readonly declaration: Declaration;
  /** What tells PINs that come over the link by their symbols. */
  readonly symbolOf: Secrets['symbolOf'];
  /** The secret that was agreed with the lock at commissioning. */
  readonly key: Uint8Array;
  /** The speed of the line; null where none is known, and none may be given to the lock. */
  readonly baud: number | null;
  /** Which of the devices on the line. */
  readonly address: number;
  /** Which of its outputs releases the door. */
  readonly output: number;
}

/** One folder in drivers/. `twin` is null for platforms that others wrote and nobody simulates here. */
export interface Vendor {
  readonly id: string;
  readonly routes: readonly Route[];
  /** `faults` are those of the twin's own simulator; what it does not know as a fault is a bug of the caller. */
  readonly twin:
    | ((world: World, declaration: Declaration, secrets: Secrets, faults: readonly unknown[], post?: Post) => Promise<Twin>)
    | null;
  /** How a lock's own link is spoken on a line; left out, it is the device protocol of docs/wire. */
  readonly link?: (parts: LinkParts) => LinkWires;
}

/** The simulated world behind a vendor's wire: what a bench is made of. `ask` is the fetch-style handler. */
export interface Twin {
  fetch(request: Request): Promise<Response>;
  /** The way to it where it is a node of a local cluster protocol. */
  readonly cluster?: ClusterLink;
  readonly fixture: SureFixture;
  /** The first lock's own link by the device protocol, commissioned for the holder of a key (X25519, hex); else `ownLine`. */
  deviceCore?(owner: string): DeviceCore;
  /** The first lock's end of a line by the vendor's own protocol, commissioned with a key, and where it is not alone there, with an address. */
  ownLine?(key: Uint8Array, address?: number): (link: ByteLink) => void;
  /** The first lock's end of its debug port, to be put on a line; left out where it has none. */
  debugPort?(link: ByteLink): void;
  happen(weather: Weather): Promise<void>;
  readonly access: Access;
  readonly locks: readonly string[];
  close(): Promise<void>;
}
