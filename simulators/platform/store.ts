import type { Random } from '../../contract/world.ts';
import type { Durable, KeyRecord, RateRecord } from './durable.ts';
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

/** Bounds of what is kept, by count; the declared times may end things earlier. */
export const kept = { tokens: 4000, operations: 2000, keys: 10_000, events: 50_000, gone: 2000 } as const;

const idAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789';
const letters = (random: Random, count: number): string => {
  let text = '';
  while (text.length < count) {
    // Six letters of 32 are 30 bits, which one draw gives.
    let bits = random.below(2 ** 30);
    for (let i = 0; i < 6; i += 1) {
      text += idAlphabet[bits & 31] ?? '';
      bits >>>= 5;
    }
  }
  return text;
};

/** One account's events, oldest first; `lost` counts those that retention has taken. */
export interface Feed {
  events: EventRecord[];
  next: number;
  lostMs: number | null;
}

const byId = <T extends { readonly id: string }>(records: readonly T[]): Map<string, T> =>
  new Map(records.map((record) => [record.id, record]));

/** Removes the oldest entries above a bound. */
function bound<K, V>(map: Map<K, V>, limit: number): void {
  if (map.size <= limit) return;
  for (const key of map.keys()) {
    map.delete(key);
    if (map.size <= limit) return;
  }
}

const looksOther = (a: GrantRecord, b: GrantRecord): boolean =>
  a.name !== b.name || a.user !== b.user || a.wish !== b.wish || a.sync !== b.sync || a.terms !== b.terms;

/** What the platform keeps, with the ways to find it. All of it is durable: see `snapshot`. */
export class Store {
  integrations = new Map<string, IntegrationRecord>();
  access = new Map<string, AccessRecord>();
  refresh = new Map<string, RefreshRecord>();
  users = new Map<string, UserRecord>();
  grants = new Map<string, GrantRecord>();
  operations = new Map<string, OperationRecord>();
  locks = new Map<string, LockRecord>();
  webhooks = new Map<string, WebhookRecord>();
  keys = new Map<string, KeyRecord>();
  rates = new Map<string, RateRecord>();
  queues = new Map<string, readonly SyncJob[]>();
  feeds = new Map<string, Feed>();
  readonly #byLock = new Map<string, Map<string, GrantRecord>>();
  readonly #ids: Random;
  #order = 0;

  constructor(random: Random) {
    this.#ids = random.split('ids');
  }

  /** A new id that tells nothing. */
  id(prefix: string): string {
    return `${prefix}_${letters(this.#ids, 18)}`;
  }

  /** A new secret of 180 bits. */
  secret(): string {
    return letters(this.#ids, 36);
  }

  /** The next place in the order of creation. */
  order(): number {
    this.#order += 1;
    return this.#order;
  }

  grantsOf(lock: string): ReadonlyMap<string, GrantRecord> {
    return this.#byLock.get(lock) ?? new Map<string, GrantRecord>();
  }

  /** Keeps a grant; what can be seen of it makes a new version. */
  putGrant(record: GrantRecord): void {
    const before = this.grants.get(record.id);
    const grant = before && looksOther(before, record) ? { ...record, version: before.version + 1 } : record;
    this.grants.set(grant.id, grant);
    const own = this.#byLock.get(grant.lock) ?? new Map<string, GrantRecord>();
    own.set(grant.id, grant);
    this.#byLock.set(grant.lock, own);
  }

  dropGrant(grant: GrantRecord): void {
    this.grants.delete(grant.id);
    this.#byLock.get(grant.lock)?.delete(grant.id);
  }

  putOperation(operation: OperationRecord): void {
    this.operations.set(operation.id, operation);
    bound(this.operations, kept.operations);
  }

  putAccess(record: AccessRecord): void {
    this.access.set(record.token, record);
    bound(this.access, kept.tokens);
  }

  putRefresh(record: RefreshRecord): void {
    this.refresh.set(record.token, record);
    bound(this.refresh, kept.tokens);
  }

  putKey(id: string, record: KeyRecord): void {
    this.keys.delete(id);
    this.keys.set(id, record);
    bound(this.keys, kept.keys);
  }

  feed(account: string): Feed {
    const found = this.feeds.get(account);
    if (found) return found;
    const made: Feed = { events: [], next: 1, lostMs: null };
    this.feeds.set(account, made);
    return made;
  }

  queue(lock: string): readonly SyncJob[] {
    return this.queues.get(lock) ?? [];
  }

  /** All that is kept, as plain data. */
  snapshot(): Durable {
    return {
      integrations: [...this.integrations.values()],
      access: [...this.access.values()],
      refresh: [...this.refresh.values()],
      users: [...this.users.values()],
      grants: [...this.grants.values()],
      operations: [...this.operations.values()],
      locks: [...this.locks.values()],
      events: [...this.feeds.values()].flatMap((feed) => feed.events),
      webhooks: [...this.webhooks.values()],
      keys: [...this.keys.values()],
      rates: Object.fromEntries(this.rates),
      queues: Object.fromEntries(this.queues),
    };
  }

  /** Puts plain data in the place of all that is kept. Places in feeds and in the order of creation never go back. */
  restore(durable: Durable): void {
    this.integrations = byId(durable.integrations);
    this.access = new Map(durable.access.map((record) => [record.token, record]));
    this.refresh = new Map(durable.refresh.map((record) => [record.token, record]));
    this.users = byId(durable.users);
    this.operations = byId(durable.operations);
    this.locks = byId(durable.locks);
    this.webhooks = byId(durable.webhooks);
    this.keys = new Map(durable.keys.map((record) => [record.key, record]));
    this.rates = new Map(Object.entries(durable.rates));
    this.queues = new Map(Object.entries(durable.queues));
    this.grants = new Map();
    this.#byLock.clear();
    for (const grant of durable.grants) this.putGrant(grant);
    for (const feed of this.feeds.values()) feed.events = [];
    for (const event of durable.events) this.feed(event.account).events.push(event);
  }
}
