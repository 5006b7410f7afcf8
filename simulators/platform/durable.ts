import type { Reply } from './actions.ts';
import type {
  AccessRecord,
  EventRecord,
  GrantRecord,
  IntegrationRecord,
  LockRecord,
  OperationRecord,
  RefreshRecord,
  SyncJob,
  UserRecord,
  WebhookRecord,
} from './records.ts';

/** An idempotency key as kept. `key` names the integration too, `digest` is of the whole request. */
export interface KeyRecord {
  readonly key: string;
  readonly digest: string;
  /** What was answered. */
  readonly reply: Extract<Reply, { readonly kind: 'ok' }>;
  readonly sinceMs: number;
}

/** How much of a caller's window is used. */
export interface RateRecord {
  readonly sinceMs: number;
  readonly used: number;
}

/** All that a restart must not change. */
export interface Durable {
  readonly integrations: readonly IntegrationRecord[];
  readonly access: readonly AccessRecord[];
  readonly refresh: readonly RefreshRecord[];
  readonly users: readonly UserRecord[];
  readonly grants: readonly GrantRecord[];
  readonly operations: readonly OperationRecord[];
  readonly locks: readonly LockRecord[];
  readonly events: readonly EventRecord[];
  readonly webhooks: readonly WebhookRecord[];
  readonly keys: readonly KeyRecord[];
  readonly rates: Readonly<Record<string, RateRecord>>;
  /** Waiting work by lock. */
  readonly queues: Readonly<Record<string, readonly SyncJob[]>>;
}
