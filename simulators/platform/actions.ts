import type { EventView } from '../../contract/event.ts';
import type { Window } from '../../contract/grant.ts';
import type { Mode } from '../../contract/mode.ts';
import type { Problem } from './problems.ts';
import type { IntegrationRecord, OperationRecord, Scope } from './records.ts';

/** What a caller can ask, whatever the wire calls it. Ids are the platform's own. */
export type Action =
  | { readonly route: 'identify' }
  | ({ readonly route: 'listLocks' } & PageAsked)
  | { readonly route: 'readLock'; readonly lock: string }
  | { readonly route: 'operate'; readonly lock: string; readonly to: 'lock' | 'unlock'; readonly forMs: number | null }
  | { readonly route: 'setMode'; readonly lock: string; readonly mode: Mode }
  | {
      readonly route: 'scheduleMode';
      readonly lock: string;
      readonly mode: Mode;
      readonly startMs: number;
      readonly endMs: number;
    }
  | { readonly route: 'clearModes'; readonly lock: string }
  | {
      readonly route: 'installFirmware';
      readonly lock: string;
      readonly version: string;
      readonly image: 'good' | 'unsigned' | 'truncated';
    }
  | { readonly route: 'replaceLock'; readonly lock: string }
  | { readonly route: 'readOperation'; readonly operation: string }
  | { readonly route: 'addUser'; readonly name: string }
  | { readonly route: 'readUser'; readonly user: string }
  | { readonly route: 'renameUser'; readonly user: string; readonly name: string }
  | { readonly route: 'removeUser'; readonly user: string }
  | ({ readonly route: 'listUsers' } & PageAsked)
  | {
      readonly route: 'createGrant';
      readonly lock: string;
      readonly user: string | null;
      readonly name: string;
      readonly pin: string;
      readonly window: Window;
      readonly uses: number | null;
      readonly lastsMs: number | null;
      readonly duress: boolean;
    }
  | { readonly route: 'readGrant'; readonly grant: string }
  | { readonly route: 'changeGrant'; readonly grant: string; readonly change: GrantChange }
  | { readonly route: 'revokeGrant'; readonly grant: string }
  | ({ readonly route: 'listGrants'; readonly lock: string } & PageAsked)
  | { readonly route: 'readEvents'; readonly after: string | null; readonly limit: number | null }
  | { readonly route: 'addWebhook'; readonly url: string }
  | { readonly route: 'readWebhook'; readonly webhook: string }
  | { readonly route: 'removeWebhook'; readonly webhook: string }
  | ({ readonly route: 'listWebhooks' } & PageAsked)
  | ({ readonly route: 'listParties' } & PageAsked)
  | { readonly route: 'removeIntegration'; readonly removed: string };
export type Route = Action['route'];
export type ActionOf<R extends Route> = Extract<Action, { readonly route: R }>;

export interface PageAsked {
  readonly cursor: string | null;
  readonly limit: number | null;
}

/** The fields of a grant that may change; an absent one stays as it is. */
export interface GrantChange {
  readonly pin?: string;
  readonly window?: Window;
  readonly uses?: number | null;
  readonly suspended?: boolean;
  readonly name?: string;
}

/** What is told of a PIN. */
export type PinView = { readonly kind: 'plain'; readonly digits: string } | { readonly kind: 'masked' | 'hashed' | 'withheld' };

export interface GrantView {
  readonly kind: 'grant';
  readonly id: string;
  readonly lock: string;
  readonly user: string | null;
  /** Null for a code that was set at the lock. */
  readonly integration: string | null;
  readonly name: string | null;
  readonly pin: PinView;
  readonly window: Window;
  readonly uses: number | null;
  readonly lastsMs: number | null;
  /** Null for callers who may not know. */
  readonly duress: boolean | null;
  readonly wish: 'granted' | 'suspended' | 'revoked';
  readonly sync: 'pending' | 'confirmed' | 'failed';
  /** The caller did not make it. */
  readonly external: boolean;
  readonly createdMs: number;
  readonly version: number;
}

/** What the feed and the views say of a lock, before the wire spells it. */
export interface LockStateView {
  readonly bolt: 'locked' | 'unlocked' | 'jammed' | 'unknown';
  readonly evidence: 'confirmed' | 'assumed' | 'unknown';
  readonly asOfMs: number | null;
  readonly online: boolean;
  readonly batteryPercent: number | null;
  readonly batteryLow: boolean | null;
  readonly clock: 'synced' | 'unsynced' | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  readonly mode: Mode | null;
}

export interface LockView extends LockStateView {
  readonly kind: 'lock';
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly predecessor: { readonly serial: string | null; readonly wiped: boolean } | null;
}

export interface UserView {
  readonly kind: 'user';
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

export interface OperationView {
  readonly kind: 'operation';
  readonly id: string;
  readonly lock: string;
  readonly work: OperationRecord['work'];
  readonly state: OperationRecord['state'];
  readonly cause: OperationRecord['cause'];
  readonly createdMs: number;
  readonly expiresMs: number;
}

export interface WebhookView {
  readonly kind: 'webhook';
  readonly id: string;
  readonly url: string;
  readonly state: 'pending' | 'active' | 'off';
  /** Base64; only in the answer that made it. */
  readonly secret: string | null;
}

export interface IntegrationView {
  readonly kind: 'integration';
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface PageView {
  readonly kind: 'page';
  readonly items: readonly ObjectView[];
  readonly cursor: string | null;
}

export interface FeedView {
  readonly kind: 'feed';
  readonly events: readonly EventView[];
  readonly cursor: string;
  /** What happened before this is no longer kept; null while all is. */
  readonly horizonMs: number | null;
}

export type ObjectView = GrantView | LockView | UserView | OperationView | WebhookView | IntegrationView;
export type View = ObjectView | PageView | FeedView | { readonly kind: 'none' };

/** RateLimit fields of an answer. */
export interface RateView {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

/** A caller whose token, rate and scope are good for a route. */
export interface Admitted {
  readonly kind: 'admitted';
  readonly integration: IntegrationRecord;
  readonly scopes: readonly Scope[];
  /** Null where no limit is announced. */
  readonly rate: RateView | null;
}

/** On what terms a caller asks. */
export interface Terms {
  readonly idempotencyKey: string | null;
  /** Version of the object that the caller has seen; null to change whatever is there. */
  readonly ifVersion: number | null;
}

export interface Refused {
  readonly kind: 'refused';
  readonly problem: Problem;
  readonly rate: RateView | null;
}

/** `accepted`: not yet on the lock. `repeated`: told before, and told again because of the idempotency key. */
export type Reply =
  | { readonly kind: 'ok'; readonly view: View; readonly accepted: boolean; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** A pair of tokens, or the error of RFC 6749 section 5.2. */
export type TokenReply =
  | {
      readonly kind: 'pair';
      readonly access: string;
      readonly refresh: string;
      readonly expiresMs: number | null;
      readonly scopes: readonly Scope[];
    }
  | { readonly kind: 'refused'; readonly error: 'invalid_client' | 'invalid_grant' | 'invalid_scope' };
