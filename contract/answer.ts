import type { PinSymbol } from './grant.ts';
import type { TroubleName } from './link.ts';

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
