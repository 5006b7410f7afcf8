import type { EventView } from '../../contract/event.ts';
import type { TrustFlaw } from '../../contract/link.ts';
import type { Credential, FromLock, LockRecord as DeviceRecord, Payload, Status, ToLock } from '../lock/port.ts';
import type { LockStateView } from './actions.ts';
import type { Problem } from './problems.ts';
import type { Durable, KeyRecord } from './durable.ts';
import type {
  AccessRecord,
  Delivery,
  EventDraft,
  EventRecord,
  GrantRecord,
  IntegrationRecord,
  LockRecord,
  OperationRecord,
  RefreshRecord,
  Scope,
  SyncJob,
  UserRecord,
  WebhookRecord,
} from './records.ts';
import type { Signing } from './signing.ts';

/** The object that a request names, when it exists: whose it is. */
export interface Target {
  readonly id: string;
  readonly account: string;
  /** Null for what no integration made. */
  readonly integration: string | null;
}

export type TokenVerdict =
  | { readonly kind: 'valid'; readonly integration: string }
  | { readonly kind: 'invalid'; readonly why: 'missing' | 'malformed' | 'unknown' | 'expired' | 'revoked' | 'removed' };

/** What the lock said to a job: `null` is silence, by which nobody knows whether it happened. */
export type JobOutcome = Exclude<FromLock, { answer: 'table' } | { answer: 'log' }> | null;

/** JSON as a value. */
export type PlainJson = string | number | boolean | null | readonly PlainJson[] | { readonly [key: string]: PlainJson };

/** Where the platform decides something. `given` is all that the decision rests on, `answer` what is done. */
export interface PlatformPoints {
  /** Whether a bearer token is good. `record` is what is known of the presented text. */
  'token.check': {
    given: {
      readonly route: string;
      readonly presented: string | null;
      readonly record: AccessRecord | null;
      readonly integration: IntegrationRecord | null;
      readonly nowMs: number;
    };
    answer: TokenVerdict;
  };
  /** What a refresh token is exchanged for: a new pair, again a new pair because the first answer may be lost, or nothing. */
  'token.refresh': {
    given: {
      readonly record: RefreshRecord | null;
      readonly integration: IntegrationRecord | null;
      readonly nowMs: number;
      readonly graceMs: number;
    };
    answer: 'rotate' | 'repeat' | 'refuse';
  };
  /** Whether the caller's scopes allow the route. */
  authorise: {
    given: {
      readonly route: string;
      readonly integration: IntegrationRecord;
      readonly scopes: readonly Scope[];
      readonly needs: readonly Scope[];
    };
    answer: 'allow' | 'forbid';
  };
  /** Whether the caller may do this to that object; `hide` is told as if it did not exist. `own`: only its maker may. */
  'authorise.object': {
    given: {
      readonly route: string;
      readonly integration: IntegrationRecord;
      readonly scopes: readonly Scope[];
      readonly target: Target | null;
      readonly own: boolean;
    };
    answer: 'allow' | 'hide' | 'not-yours';
  };
  /** How much of a PIN this caller is shown. */
  'scope.redact': {
    given: {
      readonly scopes: readonly Scope[];
      readonly declared: 'plain' | 'masked' | 'hashed' | 'withheld';
      readonly digits: string;
    };
    answer: { readonly kind: 'plain'; readonly digits: string } | { readonly kind: 'masked' | 'hashed' | 'withheld' };
  };
  /** Whether a well-formed request is accepted; the problem when it is not. `request` is what was asked, `before` the object. */
  'request.validate': {
    given: {
      readonly route: string;
      readonly request: unknown;
      readonly before: GrantRecord | UserRecord | null;
      readonly nowMs: number;
    };
    answer: Problem | null;
  };
  /** The grant as it is kept after a create, a change or a revocation. */
  'grant.store': {
    given: { readonly cause: 'create' | 'change' | 'revoke' | 'end'; readonly before: GrantRecord | null };
    answer: GrantRecord;
  };
  /** The lock's waiting work after an intent joined it. */
  'sync.enqueue': {
    given: { readonly lock: string; readonly queue: readonly SyncJob[]; readonly job: SyncJob };
    answer: readonly SyncJob[];
  };
  /** Place in the queue of the job that goes next. */
  'sync.order': { given: { readonly lock: string; readonly queue: readonly SyncJob[] }; answer: number };
  /** The credential that a set sends. */
  'sync.send': {
    given: { readonly job: SyncJob; readonly grant: GrantRecord | null };
    answer: Extract<ToLock, { readonly ask: 'set' } | { readonly ask: 'clear' }>;
  };
  /** What the platform believes of a grant after an acknowledgement, a refusal or a silence; `keep`: the job is tried again. */
  'sync.result': {
    given: { readonly job: SyncJob; readonly before: GrantRecord; readonly outcome: JobOutcome; readonly nowMs: number };
    answer: { readonly grant: GrantRecord; readonly keep: boolean };
  };
  /** The waiting work when a lock is heard again. */
  'sync.reconnect': {
    given: {
      readonly lock: string;
      readonly queue: readonly SyncJob[];
      readonly grants: readonly GrantRecord[];
      readonly awayMs: number;
    };
    answer: readonly SyncJob[];
  };
  /** When to try a silent or busy lock again; null gives the job up. */
  retry: {
    given: { readonly lock: string; readonly attempt: number; readonly outcome: 'lost' | 'busy'; readonly job: SyncJob | null };
    answer: number | null;
  };
  /** What is told of a lock's state. */
  'state.view': {
    given: {
      readonly lock: LockRecord;
      readonly online: boolean;
      /** The last operation that was asked of it, for those who guess. */
      readonly operation: OperationRecord | null;
      readonly nowMs: number;
    };
    answer: LockStateView;
  };
  /** Whether an operation is too old to be sent. */
  'operation.expired': { given: { readonly operation: OperationRecord; readonly nowMs: number }; answer: boolean };
  /** How an operation ended, or that it goes on. */
  'operation.result': {
    given: { readonly operation: OperationRecord; readonly outcome: JobOutcome; readonly nowMs: number };
    answer: Pick<OperationRecord, 'state' | 'cause' | 'maybe'>;
  };
  /** What is told of a grant: the record as the wire will spell it. */
  'grant.view': { given: { readonly grant: GrantRecord; readonly nowMs: number }; answer: GrantRecord };
  /** Which grants of a lock are listed. `all` are all that are kept. */
  'grants.list': { given: { readonly lock: string; readonly all: readonly GrantRecord[] }; answer: readonly GrantRecord[] };
  /** One page: `orders` rise; what follows `after`, at most `limit`. */
  page: {
    given: { readonly list: string; readonly orders: readonly number[]; readonly after: number; readonly limit: number };
    answer: { readonly orders: readonly number[]; readonly next: number | null };
  };
  /** Which grants end with their user. */
  'user.remove': { given: { readonly user: UserRecord; readonly grants: readonly GrantRecord[] }; answer: readonly string[] };
  /** The event that a record of the lock's log becomes; null makes none. `record` is null when nobody can read the payload. */
  'event.build': {
    given: {
      readonly lock: LockRecord;
      readonly payload: Payload;
      readonly record: DeviceRecord | null;
      readonly grant: GrantRecord | null;
    };
    answer: EventDraft | null;
  };
  /** The events that join a feed; `tail` are the newest before them. */
  'feed.append': {
    given: { readonly tail: readonly EventRecord[]; readonly event: EventRecord };
    answer: readonly EventRecord[];
  };
  /** One page of a feed. `events` are all that are kept of it, `after` the place read so far. */
  'feed.read': {
    given: {
      readonly events: readonly EventRecord[];
      readonly after: number;
      readonly limit: number;
      readonly scopes: readonly Scope[];
    };
    answer: { readonly events: readonly EventView[]; readonly after: number };
  };
  /** What is posted for an event: none, one or more. */
  'webhook.send': {
    given: { readonly webhook: WebhookRecord; readonly event: EventView; readonly delivery: Delivery };
    answer: readonly Delivery[];
  };
  /** What a delivery is signed with; the body is what is signed over, whatever is sent. */
  'webhook.sign': {
    given: { readonly webhook: WebhookRecord; readonly event: EventView; readonly attempt: number };
    answer: Signing;
  };
  /** Whether something is posted to an end with which that is wrong. */
  'webhook.trust': { given: { readonly webhook: WebhookRecord; readonly flaw: TrustFlaw }; answer: boolean };
  /** What a new webhook is signed with, base64. */
  'webhook.secret': { given: Readonly<Record<string, never>>; answer: string };
  /** Whether a redirect of the receiver is followed. */
  'webhook.follow': { given: { readonly webhook: WebhookRecord; readonly location: string }; answer: boolean };
  /** Whether the feed tells that a webhook was given up. */
  'webhook.off': { given: { readonly webhook: WebhookRecord }; answer: 'told' | 'untold' };
  /** Whether a new webhook is active at once, or only when its owner has answered a challenge. */
  'webhook.challenge': { given: { readonly webhook: WebhookRecord }; answer: boolean };
  /** What an idempotency key means now. */
  idempotency: {
    given: { readonly found: KeyRecord | null; readonly digest: string; readonly nowMs: number; readonly keptMs: number };
    answer: 'new' | 'repeat' | 'conflict';
  };
  /** Whether a caller may ask now. `used` counts this request. */
  limit: {
    given: {
      readonly integration: string;
      readonly route: string;
      readonly used: number;
      readonly limit: number;
      readonly resetMs: number;
    };
    answer: {
      readonly allowed: boolean;
      readonly limit: number;
      readonly remaining: number;
      readonly resetMs: number;
      readonly retryAfterMs: number | null;
    };
  };
  /** The error that is told. */
  problem: { given: { readonly route: string; readonly problem: Problem }; answer: Problem };
  /** What leaves in the end, and after how long: status and JSON as the wire spells them. */
  answer: {
    given: { readonly route: string };
    answer: { readonly status: number; readonly body: PlainJson | undefined; readonly delayMs: number };
  };
  /** What is done with the codes found on the lock that the platform did not set. `known` are the outside grants so far. */
  outside: {
    given: {
      readonly lock: string;
      readonly table: readonly Credential[];
      readonly known: readonly GrantRecord[];
      readonly own: readonly GrantRecord[];
    };
    answer: { readonly added: readonly Credential[]; readonly removed: readonly string[]; readonly clear: readonly number[] };
  };
  /** What is carried to a new device behind the same id, and whether the old one is wiped. */
  replace: {
    given: { readonly lock: LockRecord; readonly grants: readonly GrantRecord[] };
    answer: { readonly jobs: readonly SyncJob[]; readonly wipe: boolean; readonly lock: LockRecord };
  };
  /** What is there after a restart. */
  restart: { given: { readonly nowMs: number }; answer: Durable };
  /** The time that is set on the lock; null sets none now. */
  'clock.sync': {
    given: { readonly lock: LockRecord; readonly status: Status; readonly nowMs: number; readonly everyMs: number };
    answer: number | null;
  };
  /** Whether a lock counts as offline. */
  offline: {
    given: { readonly lock: LockRecord; readonly nowMs: number; readonly offlineAfterMs: number };
    answer: boolean;
  };
}
