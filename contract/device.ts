/**
 * The lock's own link, docs/wire/device-protocol.md: who may open a session, what may be asked in it, and what a lock
 * decides of it. No bytes and no ciphers here.
 */
import type { EventVerb, Method } from './event.ts';

/** `owner` does everything; `guest` asks for the status, locks and unlocks. */
export type Role = 'owner' | 'guest';

/** What can be asked. Keys are X25519 public keys, 64 hex digits. */
export type DeviceRequest =
  | { readonly verb: 'status' | 'lock' | 'unlock' | 'table' }
  /** Records with a number above `after`. */
  | { readonly verb: 'log'; readonly after: number }
  /** A guest's key; the caller's own new key for `rotate`. */
  | { readonly verb: 'add-key' | 'remove-key' | 'rotate'; readonly key: string };
export const deviceVerbs = ['status', 'lock', 'unlock', 'table', 'log', 'add-key', 'remove-key', 'rotate'] as const;
export type DeviceVerb = (typeof deviceVerbs)[number];

/** Why an authentic request is not done. */
export const deviceRefusals = ['grammar', 'verb', 'role', 'full', 'busy', 'power', 'jam', 'expired'] as const;
export type DeviceRefusal = (typeof deviceRefusals)[number];

export interface DeviceState {
  readonly bolt: 'locked' | 'unlocked' | 'jammed';
  readonly batteryPercent: number;
  /** The lock's own clock, epoch ms. */
  readonly deviceMs: number;
  readonly clockKnown: boolean;
  readonly firmware: string;
}

/** A record of the lock's own log. */
export interface DeviceRecord {
  readonly seq: number;
  readonly deviceMs: number;
  readonly verb: EventVerb;
  readonly method: Method | null;
  /** The slot of the credential that acted. */
  readonly slot: number | null;
}

export type DeviceReply =
  | { readonly kind: 'done' }
  | { readonly kind: 'status'; readonly status: DeviceState }
  /** Occupied slots of the lock's table of codes. */
  | { readonly kind: 'table'; readonly slots: readonly number[] }
  | { readonly kind: 'log'; readonly records: readonly DeviceRecord[] }
  | { readonly kind: 'refused'; readonly code: DeviceRefusal };

/** Why a caller gets no session, or has none any more; said in clear, without authority. */
export const turnedAway = ['version', 'suite', 'key', 'session', 'busy'] as const;
export type TurnedAway = (typeof turnedAway)[number];

/** What is known of a frame that claims to belong to a session. */
export interface FrameFacts {
  /** Whether it was sealed with the session's key, and the seal is good. A plain one has none. */
  readonly sealed: boolean;
  readonly authentic: boolean;
  readonly seq: number;
  /** The highest number taken in the session so far; -1 before the first. */
  readonly newest: number;
  /** Its place among those that came in one piece, from 0. */
  readonly nth: number;
}

/** A lock behind its link: decides, remembers keys and sessions, and does what is asked. */
export interface DeviceCore {
  /** False without power: then nobody says anything. */
  awake(): boolean;
  /** Whether a handshake may go on at all; null lets it. */
  offered(offer: { readonly version: number; readonly suite: number }): TurnedAway | null;
  /** The lock's part of a session's keys, of bytes that nobody can guess. */
  random(fresh: Uint8Array): Uint8Array;
  /** A session for who has proven to hold this key; it counts once the first sealed frame was taken in it. */
  admit(key: string): { readonly session: number; readonly role: Role } | TurnedAway;
  /** Whether a frame is acted on. */
  takes(session: number, frame: FrameFacts): boolean;
  /** Whether the session is over: then it is said so. */
  isOver(session: number): boolean;
  /** Whether the line is listened to after something that is no frame. */
  hears(after: 'over-long' | 'spoilt'): boolean;
  /** Null: power went meanwhile. */
  perform(session: number, request: DeviceRequest): Promise<DeviceReply | null>;
}

/** A core that stands for another, which may be exchanged. */
export const standingFor = (now: () => DeviceCore): DeviceCore => ({
  awake: () => now().awake(),
  offered: (offer) => now().offered(offer),
  random: (fresh) => now().random(fresh),
  admit: (key) => now().admit(key),
  takes: (session, frame) => now().takes(session, frame),
  isOver: (session) => now().isOver(session),
  hears: (after) => now().hears(after),
  perform: (session, request) => now().perform(session, request),
});
