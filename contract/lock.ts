import type { EventView } from './event.ts';
import type { Lacks } from './feature.ts';
import type { TroubleName } from './link.ts';
import type { Fixture } from './plant.ts';
import type { Delivery } from './wire.ts';

/**
 * Who asks. All but the first two are there to be refused something.
 * `owner` our integration, every scope · `second` another integration of the same account, every scope ·
 * `reader` may read, not write · `operator` may lock, unlock and read, not administer ·
 * `stranger` every scope in a foreign account · `nobody` no token · `forged` a token never issued ·
 * `revoked` a token that was valid until it was revoked · `expired` a token kept beyond its life and never renewed
 */
export const actors = ['owner', 'second', 'reader', 'operator', 'stranger', 'nobody', 'forged', 'revoked', 'expired'] as const;
export type Actor = (typeof actors)[number];

/** A name for a PIN. The digits are derived from the run's secret and never written; see contract/secrets.ts. */
export type PinSymbol = string;

/** Civil recurrence: a named subset of RFC 5545 (FREQ=DAILY or FREQ=WEEKLY;BYDAY=…) between two local times. */
export interface Recurrence {
  /** E.g. `FREQ=WEEKLY;BYDAY=MO,TU`. */
  readonly rule: string;
  /** Local `HH:MM`, inclusive. */
  readonly from: string;
  /** Local `HH:MM`; at or before `from` means the next day. */
  readonly to: string;
}

/** When a grant opens. `startMs` inclusive, `endMs` by declaration (time.endInclusive); null is unbounded. */
export interface Window {
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** IANA zone; matters to recurrences only. */
  readonly zone: string;
  readonly recurrence: Recurrence | null;
}

/** What a grant allows: the part of it that a narrowing can take away from. */
export interface Terms {
  readonly pin: PinSymbol;
  readonly window: Window;
  /** How many times it opens; null is without limit. */
  readonly uses: number | null;
  /**
   * Whole minutes: for so long it opens from its first use on, by the lock's clock, and no more after that; left out, its first
   * use ends nothing (ExpiringUser of Matter's door lock, 5.2.6.18.8; Expiring User of Z-Wave). Said when it is made, and kept.
   */
  readonly lastsMs?: number;
  /**
   * Its code opens as any other, with nothing else to be seen or heard at the door, and each use is told as `lock.duress` (ForcedUser
   * of Matter's door lock, 5.2.6.18.6; Duress User of Z-Wave). Said when it is made, and kept.
   */
  readonly duress?: true;
  readonly suspended: boolean;
}

/** A mode from `startMs` (inclusive) to `endMs` (exclusive), epoch ms by the lock's own clock. */
export interface ModeSpell {
  readonly mode: Mode;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Change {
  readonly pin?: PinSymbol;
  readonly window?: Window;
  readonly uses?: number | null;
  readonly suspended?: boolean;
  readonly name?: string;
}

/**
 * What a lock lets happen at its door, over and above who may. Ours beside OperatingModeEnum of Matter's door lock (5.2.6.15):
 * `normal` all as usual · `vacation` no code opens at the keypad; lock and unlock by the API go on ·
 * `privacy` neither a code nor a lock or unlock by the API does anything; it can be set while the bolt is thrown only, and ends,
 * back to `normal`, when the inside handle or thumb-turn draws the bolt ·
 * `no-remote` lock and unlock by the API are refused; codes go on ·
 * `passage` the door stays as it is: no auto-relock throws the bolt; codes and API go on, and auto-relock counts again from the
 * way back to `normal`.
 * What is refused so is a typed refusal, or an operation that failed with cause `refused`; the bolt does not move. A mode
 * outlives a loss of power at the lock.
 */
export const modes = ['normal', 'vacation', 'privacy', 'no-remote', 'passage'] as const;
export type Mode = (typeof modes)[number];

/** Bodies that no honest client sends. The driver shapes them for its wire. */
export type HostileShape =
  | 'not-json'
  | 'empty'
  | 'wrong-types'
  | 'missing-fields'
  | 'deep'
  | 'oversized'
  | 'injection'
  | 'unknown-enum'
  | 'null-bytes'
  | 'huge-number'
  | 'array-for-object'
  | 'wrong-content-type';

/**
 * Where events shall be pushed to. `receiver` is ours. All others are places that no platform may be talked into posting to:
 * in clear, to itself, into a private network, to a link-local address, with somebody's name in the URL.
 */
export const webhookPlaces = ['receiver', 'in-clear', 'loopback', 'private', 'link-local', 'with-user'] as const;
export type WebhookPlace = (typeof webhookPlaces)[number];

interface Retryable {
  /** Idempotency key or client reference; the same key twice asks for one effect. */
  readonly key?: string;
}
interface Paged {
  readonly cursor?: string;
  readonly limit?: number;
}

/**
 * What an integration can ask: a closed union. `user`, `grant`, `lock`, `operation` hold names in a stage and a trace
 * (`u1`, `g1`, `door`) and the target's ids by the time a driver sees them. In `addUser` and `createGrant` the field
 * `user` / `grant` names what is being made and is no input for the driver; in `addWebhook` `webhook` names it and ends its URL.
 */
export type Command =
  | { readonly do: 'identify' }
  | ({ readonly do: 'listLocks' } & Paged)
  | { readonly do: 'readLock'; readonly lock: string }
  | ({ readonly do: 'lock'; readonly lock: string } & Retryable)
  /**
   * `forMs`, whole seconds: for so long the bolt stays drawn, from when it was, and is then thrown again, whatever auto-relock
   * is declared (UnlockWithTimeout of Matter's door lock, 5.2.10.3). It is for this opening only. In `passage` nothing is thrown.
   */
  | ({ readonly do: 'unlock'; readonly lock: string; readonly forMs?: number } & Retryable)
  /** Done when the lock has reported the mode. */
  | { readonly do: 'setMode'; readonly lock: string; readonly mode: Mode }
  /**
   * A mode for a spell of time (SetHolidaySchedule of Matter's door lock, 5.2.10.12): from `startMs` (inclusive) to `endMs`
   * (exclusive), whole seconds, by the lock's own clock, and then back in the mode that was set by `setMode`. One spell at a
   * time: a later one takes the place of an earlier. `setMode` within a spell ends it. Done when the lock has taken it.
   */
  | ({ readonly do: 'scheduleMode'; readonly lock: string } & ModeSpell)
  /**
   * Takes all spells away, also one that has begun. Done when the lock has forgotten them. `spell` says which one is meant, for
   * a lock that holds those of others beside it, and for who did not set it himself.
   */
  | { readonly do: 'clearModes'; readonly lock: string; readonly spell?: ModeSpell }
  | { readonly do: 'readOperation'; readonly operation: string }
  | ({ readonly do: 'addUser'; readonly user: string; readonly name: string } & Retryable)
  | { readonly do: 'readUser' | 'removeUser'; readonly user: string }
  | { readonly do: 'renameUser'; readonly user: string; readonly name: string }
  | ({ readonly do: 'listUsers' } & Paged)
  | ({
      readonly do: 'createGrant';
      readonly grant: string;
      readonly user: string | null;
      readonly lock: string;
      readonly name: string;
      readonly pin: PinSymbol;
      readonly window: Window;
      readonly uses: number | null;
      readonly lastsMs?: number;
      readonly duress?: true;
    } & Retryable)
  | { readonly do: 'readGrant'; readonly grant: string }
  | { readonly do: 'revokeGrant'; readonly grant: string }
  | { readonly do: 'changeGrant'; readonly grant: string; readonly change: Change }
  | ({ readonly do: 'listGrants'; readonly lock: string } & Paged)
  | { readonly do: 'readEvents'; readonly after: string | null; readonly limit?: number }
  /** Rotate this actor's tokens. `spent: true` presents the refresh token before the newest one again. */
  | { readonly do: 'refresh'; readonly spent?: boolean }
  | { readonly do: 'replaceLock'; readonly lock: string }
  | {
      readonly do: 'installFirmware';
      readonly lock: string;
      readonly version: string;
      readonly image: 'good' | 'unsigned' | 'truncated';
    }
  | { readonly do: 'addWebhook'; readonly webhook: string; readonly to: WebhookPlace }
  | { readonly do: 'readWebhook' | 'removeWebhook'; readonly webhook: string }
  | ({ readonly do: 'listWebhooks' } & Paged)
  | { readonly do: 'probe'; readonly on: 'createGrant' | 'addUser'; readonly shape: HostileShape; readonly lock: string };

export type CommandName = Command['do'];
export type CommandOf<N extends CommandName> = Command extends infer C
  ? C extends { do: infer D }
    ? N extends D
      ? C
      : never
    : never
  : never;

export interface Page<T> {
  readonly items: readonly T[];
  /** Null at the end. For events the place to read on from later, never null. */
  readonly cursor: string | null;
}

/** Where a state comes from: reported by the lock, assumed by the platform, or unknown. */
export type Evidence = 'confirmed' | 'assumed' | 'unknown';

export interface LockView {
  readonly id: string;
  readonly name: string;
  readonly bolt: 'locked' | 'unlocked' | 'jammed' | 'unknown';
  readonly evidence: Evidence;
  /** When the bolt state was true, epoch ms; null when the platform does not say. */
  readonly asOfMs: number | null;
  readonly online: boolean | null;
  readonly batteryPercent: number | null;
  readonly batteryLow: boolean | null;
  readonly clock: 'synced' | 'unsynced' | null;
  readonly zone: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  /** The mode that is in force, of a spell or not; null when the platform does not say. */
  readonly mode: Mode | null;
}

export interface OperationView {
  readonly id: string;
  readonly state: 'pending' | 'done' | 'failed' | 'expired';
  /** Why it failed, in the contract's words. */
  readonly cause: 'jam' | 'offline' | 'refused' | 'power' | 'other' | null;
}

export interface UserView {
  readonly id: string;
  readonly name: string;
}

/** What the platform shows of a PIN. `plain` names the symbol that has these digits; `other` is no PIN of this run. */
export type ReadBack =
  | { readonly kind: 'plain'; readonly pin: PinSymbol | 'other' }
  | { readonly kind: 'masked' | 'hashed' | 'withheld' };

export interface GrantView {
  readonly id: string;
  readonly name: string | null;
  readonly user: string | null;
  readonly lock: string;
  readonly pin: ReadBack;
  /** The effective window as echoed; null when the platform does not echo it. */
  readonly window: Window | null;
  readonly uses: number | null;
  /** How long it opens from its first use on; null: that ends nothing. Left out where the platform does not tell. */
  readonly lastsMs?: number | null;
  /** Whether its code is one for duress. Left out where the platform does not tell, or not us. */
  readonly duress?: boolean;
  /** What the platform wants to be so. */
  readonly wish: 'granted' | 'suspended' | 'revoked';
  /** Whether the lock has reported the wish to be done. `failed`: it will not be, and the lock is as before. */
  readonly sync: 'pending' | 'confirmed' | 'failed';
  /** Set outside our integration: at the lock, or by another. */
  readonly external: boolean;
}

export interface WebhookView {
  readonly id: string;
  /** `pending`: its owner has not yet proven that he wants it. */
  readonly state: 'pending' | 'active' | 'off';
  /** The end of its URL: the name that it was added under; null where it is none of ours. */
  readonly name: string | null;
  /** Whether the secret that deliveries are signed with was shown. */
  readonly showsSecret: boolean;
}

export interface Identity {
  readonly account: string;
  readonly integration: string;
  readonly scopes: readonly string[];
}

export interface Results {
  identify: Identity;
  listLocks: Page<LockView>;
  readLock: LockView;
  lock: OperationView;
  unlock: OperationView;
  setMode: OperationView;
  scheduleMode: OperationView;
  clearModes: OperationView;
  readOperation: OperationView;
  addUser: UserView;
  readUser: UserView;
  removeUser: null;
  renameUser: UserView;
  listUsers: Page<UserView>;
  createGrant: GrantView;
  readGrant: GrantView;
  revokeGrant: GrantView;
  changeGrant: GrantView;
  listGrants: Page<GrantView>;
  readEvents: Page<EventView>;
  refresh: null;
  replaceLock: LockView;
  installFirmware: OperationView;
  addWebhook: WebhookView;
  readWebhook: WebhookView;
  removeWebhook: null;
  listWebhooks: Page<WebhookView>;
  probe: null;
}
export type ResultOf<C extends Command> = Results[C['do']];

export type RefusalClass =
  | 'credential'
  | 'permission'
  | 'request'
  | 'missing'
  | 'conflict'
  | 'rate'
  | 'network'
  | 'platform'
  | 'lock'
  | 'unsupported';

export interface Refusal {
  readonly class: RefusalClass;
  /** The platform's typed code, at most 80 printable characters; empty when it gave none. */
  readonly code: string;
  /** What the platform said of a retry; null when it said nothing. */
  readonly retryable: boolean | null;
  readonly retryAfterMs: number | null;
  /** On a conflict: the id of the first. */
  readonly first: string | null;
}

/** What was seen beside the answer. */
export interface Facts {
  readonly tookMs: number;
  /** Requests sent for this command, the driver's own retries included. */
  readonly tries: number;
  readonly status: number | null;
  /** PIN symbols whose digits stood in the raw answer. */
  readonly secretsSeen: readonly PinSymbol[];
  /** Where the answer departs from the wire's published schema; no target text beyond field paths. */
  readonly wireFaults: readonly string[];
  /** RateLimit fields, when announced. */
  readonly rate: { readonly limit: number; readonly remaining: number; readonly resetMs: number } | null;
}

export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly confirmed: boolean; readonly facts: Facts }
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly facts: Facts }
  /** Nobody knows whether it happened. */
  | { readonly kind: 'lost'; readonly trouble: TroubleName; readonly facts: Facts };

/** A request that reached our receiver of webhooks. Header names in lower case. */
export interface Posted {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request to our receiver as the wire reads it, and what a receiver that is well answers. */
export interface Received {
  readonly delivery: Omit<Delivery, 'behaviour' | 'answered'>;
  readonly reply: { readonly status: number; readonly body: string };
}

/** What an integration offers. Waiting for an answer, and retrying where the contract allows, belong to the driver. */
export interface LockApi {
  /** Actors that have credentials here. */
  readonly actors: ReadonlySet<Actor>;
  /** Commands that this route can express at all. */
  readonly commands: ReadonlySet<CommandName>;
  /** What its protocol has no words for. Left out: nothing. */
  readonly lacks?: Lacks;
  perform<C extends Command>(actor: Actor, command: C): Promise<Answer<ResultOf<C>>>;
  /** A hand that the protocol itself has, where nobody stands at the lock: a presentation by a command that carries the code. */
  readonly hand?: Fixture;
  /**
   * Before a target is left: takes away, once more, what the driver put there for its own use. Null, or a sentence of what may
   * still be there and what to do. Left out: it puts nothing there.
   */
  parting?(): Promise<string | null>;
  /** Reads what was posted to our receiver; absent on a wire that pushes nothing. Waits a little for a secret that is on its way. */
  receive?(posted: Posted): Promise<Received>;
}
