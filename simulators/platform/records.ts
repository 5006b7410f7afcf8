import type { EventView } from '../../contract/event.ts';
import type { Window } from '../../contract/grant.ts';
import type { Mode } from '../../contract/mode.ts';
import type { Spell, Status } from '../lock/port.ts';

/** What the platform keeps, as plain data: everything here survives a restart. All times are epoch ms. */

/** What a token may do; an integration holds a fixed set. */
export const scopes = [
  'locks:read',
  'locks:operate',
  'users:read',
  'users:write',
  'grants:read',
  'grants:write',
  'pins:read',
  'events:read',
  'locks:write',
  'webhooks:write',
  'parties:read',
  'parties:write',
] as const;
export type Scope = (typeof scopes)[number];

/** A client of one account, with its own secret. */
export interface IntegrationRecord {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly client: string;
  readonly secret: string;
  readonly scopes: readonly Scope[];
  readonly removedMs: number | null;
}

/** A bearer token; `family` joins all tokens that came from one sign-in. */
export interface AccessRecord {
  readonly token: string;
  readonly integration: string;
  readonly family: string;
  readonly scopes: readonly Scope[];
  /** Null where tokens do not expire. */
  readonly expiresMs: number | null;
  readonly revokedMs: number | null;
}

/** A refresh token; it is spent by its first exchange, and remembers the pair that it was exchanged for. */
export interface RefreshRecord {
  readonly token: string;
  readonly integration: string;
  readonly family: string;
  readonly scopes: readonly Scope[];
  readonly spentMs: number | null;
  readonly successor: { readonly access: string; readonly refresh: string } | null;
  readonly revokedMs: number | null;
}

export interface UserRecord {
  readonly id: string;
  /** Order of creation over the whole platform; lists and cursors follow it. */
  readonly order: number;
  readonly account: string;
  readonly integration: string;
  readonly name: string;
  readonly version: number;
}

/** The part of a grant that the lock knows. `digits` never leave by any way but a permitted read-back. */
export interface GrantTerms {
  readonly digits: string;
  readonly window: Window;
  /** In total, not what is left; null is without limit. */
  readonly uses: number | null;
  /** For how long it opens from its first use on; null where that ends nothing. */
  readonly lastsMs: number | null;
  readonly duress: boolean;
  readonly suspended: boolean;
}

/** A permission of a user on a lock, what is wished of it and what the lock has acknowledged. */
export interface GrantRecord {
  readonly id: string;
  readonly order: number;
  readonly account: string;
  readonly lock: string;
  /** Place in the lock's table; null once it is free for others. */
  readonly slot: number | null;
  readonly user: string | null;
  /** Who made it; null for a code set at the lock by hand. */
  readonly integration: string | null;
  readonly name: string | null;
  readonly terms: GrantTerms;
  readonly wish: 'granted' | 'suspended' | 'revoked';
  readonly sync: 'pending' | 'confirmed' | 'failed';
  /** Counts every edit, for entity tags. */
  readonly version: number;
  /** Counts what must be carried to the lock: the last intent wins. */
  readonly intent: number;
  /** What the lock last acknowledged to hold; null when it acknowledged to hold nothing. */
  readonly onLock: { readonly intent: number; readonly terms: GrantTerms } | null;
  /** Digits that were sent and may be on the lock beside those of `onLock`. */
  readonly maybe: readonly string[];
  /** Openings that the lock's log has told of, up to the record that is in the feed. */
  readonly used: number;
  /** The first of them, by the lock's clock. */
  readonly firstUseMs: number | null;
  readonly createdMs: number;
  /** When the revocation was confirmed, or the ended grant cleared: readable until the declared time after it. */
  readonly goneMs: number | null;
  /** Its window is over and it is being taken off the lock. */
  readonly ended: boolean;
}

/** Work for the lock's table. Plain, so that it can wait, be put in order, or be lost. */
export interface SyncJob {
  readonly kind: 'set' | 'clear';
  readonly grant: string;
  readonly slot: number;
  readonly intent: number;
  readonly terms: GrantTerms;
  /** Takes something away: goes before what enables. */
  readonly narrowing: boolean;
  readonly sinceMs: number;
}

export interface OperationRecord {
  readonly id: string;
  readonly order: number;
  readonly account: string;
  readonly lock: string;
  readonly integration: string;
  readonly work:
    | { readonly kind: 'lock' }
    | { readonly kind: 'unlock'; readonly forMs: number | null }
    | { readonly kind: 'mode'; readonly mode: Mode }
    /** Null takes spells away. */
    | { readonly kind: 'spell'; readonly spell: Spell | null }
    | { readonly kind: 'install'; readonly version: string; readonly image: 'good' | 'unsigned' | 'truncated' };
  readonly state: 'pending' | 'done' | 'failed' | 'expired';
  readonly cause: 'jam' | 'offline' | 'refused' | 'power' | 'other' | null;
  readonly createdMs: number;
  readonly expiresMs: number;
  /** When it came to its end. */
  readonly endedMs: number | null;
  /** It was sent at least once and no answer came: it may have happened. */
  readonly maybe: boolean;
}

/** What is known of a lock. `status` was true at some moment after `asOfMs`. */
export interface LockRecord {
  readonly id: string;
  readonly order: number;
  readonly account: string;
  readonly name: string;
  readonly zone: string;
  readonly status: Status | null;
  readonly asOfMs: number | null;
  /** Last time the lock answered; null when it never has. */
  readonly contactMs: number | null;
  /** Clock of the lock less the platform's, at the last contact; the lower bound. */
  readonly aheadMs: number;
  readonly clockSetMs: number | null;
  /** Sequence number of the last log record that is in the feed. */
  readonly logSeq: number;
  /** Device time of that record. */
  readonly logMs: number | null;
  /** Whether the feed last said offline. */
  readonly saidOffline: boolean;
  readonly version: number;
  /** Counts the devices that stood behind this id. */
  readonly device: number;
  /** The device that stood here before. `wiped` only when it has said so itself. */
  readonly predecessor: { readonly serial: string | null; readonly wiped: boolean; readonly event: string } | null;
}

/** An event in an account's feed. `order` is its place, without holes within one platform. */
export interface EventRecord {
  readonly order: number;
  readonly account: string;
  readonly view: EventView;
}

/** An event before it has an id, a place and a recording time. */
export type EventDraft = Omit<EventView, 'id' | 'platformMs'>;

export interface WebhookRecord {
  readonly id: string;
  readonly order: number;
  readonly account: string;
  readonly integration: string;
  readonly url: string;
  /** Base64, without the `whsec_` prefix. */
  readonly secret: string;
  readonly state: 'pending' | 'active' | 'off';
  readonly version: number;
}

/** One attempt to deliver one event; `headers` carry the signature. */
export interface Delivery {
  readonly webhook: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Counts from 1. */
  readonly attempt: number;
}
