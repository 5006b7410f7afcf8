import type { Change, PinSymbol, Window } from './grant.ts';
import type { Mode, ModeSpell } from './mode.ts';

/**
 * Who asks. All but the first two are there to be refused something.
 * `owner` our integration, every scope · `second` another integration of the same account, every scope ·
 * `reader` may read, not write · `operator` may lock, unlock and read, not administer ·
 * `stranger` every scope in a foreign account · `nobody` no token · `forged` a token never issued ·
 * `revoked` a token that was valid until it was revoked · `expired` a token kept beyond its life and never renewed
 */
export const actors = ['owner', 'second', 'reader', 'operator', 'stranger', 'nobody', 'forged', 'revoked', 'expired'] as const;
export type Actor = (typeof actors)[number];

/** Bodies that no honest client sends. The driver shapes them for its wire. */
export const hostileShapes = [
  'not-json',
  'empty',
  'wrong-types',
  'missing-fields',
  'deep',
  'oversized',
  'injection',
  'unknown-enum',
  'null-bytes',
  'huge-number',
  'array-for-object',
  'wrong-content-type',
] as const;
export type HostileShape = (typeof hostileShapes)[number];

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

/** Commands that move the bolt, and those that administer. */
export const operating: ReadonlySet<CommandName> = new Set(['lock', 'unlock']);
export const administering: ReadonlySet<CommandName> = new Set([
  'createGrant',
  'changeGrant',
  'revokeGrant',
  'addUser',
  'renameUser',
  'removeUser',
  'setMode',
  'scheduleMode',
  'clearModes',
]);
