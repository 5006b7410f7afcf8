/**
 * What passes between platform and lock, as plain data: the platform asks, the lock answers, the lock reports.
 * No vendor's protocol; a protocol face (drivers/<vendor>/twin.ts) may put its own frames around it.
 */

/** A credential as the lock keeps it. `slot` is the platform's choice, 1 … capacity, or beyond it for codes set at the lock. */
export interface Credential {
  readonly slot: number;
  readonly digits: string;
  readonly schedule: Schedule;
  /** Uses left; null is without limit. */
  readonly usesLeft: number | null;
  /** Where it ends some time after its first use. */
  readonly lasting?: Lasting;
  /** Whether a use of it is told as one under duress. */
  readonly duress?: boolean;
  readonly enabled: boolean;
  /** Opens over the air alone, never at the keypad. Left out: both ways. */
  readonly remoteOnly?: boolean;
  /** The platform's own tag (grant id and version), handed back in reports. Empty for codes set at the lock. */
  readonly tag: string;
}

/** For how long a credential opens from its first use on, and when that was by the lock's own clock; null: it was not used yet. */
export interface Lasting {
  readonly forMs: number;
  readonly firstMs: number | null;
}

/** Bounds by the lock's own clock, epoch ms; recurrence in the lock's terms. Same shape as contract Window. */
export type { Window as Schedule } from '../../contract/grant.ts';
import type { Window as Schedule } from '../../contract/grant.ts';
import type { Mode } from '../../contract/mode.ts';

/** A mode for a spell of time: from `startMs` (inclusive) to `endMs` (exclusive) by the lock's own clock, epoch ms. */
export interface Spell {
  readonly mode: Mode;
  readonly startMs: number;
  readonly endMs: number;
}

export type ToLock =
  /**
   * `usedAfter`: number of the newest log record that `usesLeft` has taken into account. Openings by this slot that the
   * log holds beyond it are subtracted, so that a set which crosses a use on its way gives no use back.
   */
  | { readonly ask: 'set'; readonly credential: Credential; readonly usedAfter?: number }
  | { readonly ask: 'clear'; readonly slot: number }
  | {
      readonly ask: 'bolt';
      readonly to: 'locked' | 'unlocked';
      /** How long the bolt shall stay drawn this time; left out, auto-relock decides. */
      readonly forMs?: number;
      /** Null over the lock's own link. */
      readonly integration: string | null;
      /** Epoch ms by the lock's clock after which it must not move. */ readonly notAfterMs: number;
    }
  | {
      readonly ask: 'mode';
      readonly to: Mode;
      readonly integration: string;
      /** Epoch ms by the lock's clock after which it must not change. */ readonly notAfterMs: number;
    }
  | {
      readonly ask: 'spell';
      /** Null takes away what is there. */
      readonly spell: Spell | null;
      /** Epoch ms by the lock's clock after which it must not change. */ readonly notAfterMs: number;
    }
  | { readonly ask: 'clock'; readonly nowMs: number }
  | { readonly ask: 'status' }
  | { readonly ask: 'table' }
  /** Records with a sequence number above `after`. */
  | { readonly ask: 'log'; readonly after: number; readonly limit: number }
  | { readonly ask: 'install'; readonly version: string; readonly image: 'good' | 'unsigned' | 'truncated' }
  /** Removes all credentials and keys: decommissioning. */
  | { readonly ask: 'wipe' };

export interface Status {
  readonly bolt: 'locked' | 'unlocked' | 'jammed';
  readonly door: 'open' | 'closed';
  readonly batteryPercent: number;
  readonly deviceMs: number;
  readonly clockKnown: boolean;
  readonly firmware: string;
  readonly serial: string;
  readonly mode: Mode;
  /** Sequence number of the newest log record. */
  readonly newest: number;
  /** Sequence number of the oldest record still kept. */
  readonly oldest: number;
}

export type FromLock =
  | { readonly answer: 'done'; readonly status: Status }
  | {
      readonly answer: 'refused';
      readonly why: 'full' | 'duplicate' | 'invalid' | 'power' | 'jam' | 'expired' | 'image' | 'busy' | 'mode';
      readonly status: Status;
    }
  | { readonly answer: 'table'; readonly table: readonly Credential[]; readonly status: Status }
  /** `payloads` are in the encoding of the firmware that runs now: the platform must decode each. */
  | { readonly answer: 'log'; readonly payloads: readonly Payload[]; readonly status: Status };

/** A log record as the firmware of the day spells it; `seq` counts up by one and never repeats, also across updates. */
export interface Payload {
  readonly seq: number;
  readonly format: string;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
}

/** A record of the lock's own log, before any firmware spells it. */
export interface LockRecord {
  readonly seq: number;
  readonly deviceMs: number;
  readonly what:
    | 'locked'
    | 'unlocked'
    | 'jammed'
    | 'denied'
    | 'duress'
    | 'lockout'
    | 'lockout-ended'
    | 'door-opened'
    | 'door-closed'
    | 'battery-low'
    | 'battery-ok'
    | 'restarted'
    | 'clock-set'
    | 'code-added'
    | 'code-removed'
    | 'code-spent'
    | 'firmware'
    | 'mode';
  readonly method: 'pin' | 'remote' | 'hand' | 'auto' | 'keypad-admin' | null;
  /** Slot and tag of the credential that acted; null where none did. */
  readonly slot: number | null;
  readonly tag: string | null;
  /** The integration behind a remote act. */
  readonly integration: string | null;
  readonly clockKnown: boolean;
}

/** The lock's end of its radio. Null: nobody is there (no power, shaded, wire cut) or the answer was lost. */
export interface LockPort {
  ask(message: ToLock): Promise<FromLock | null>;
  /** Called when the lock has something new (a log record, hello after a reconnect or restart). May be called more than once for one thing. */
  listen(heard: () => void): () => void;
}
