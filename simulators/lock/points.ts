import type { DeviceVerb, FrameFacts, Role, TurnedAway } from '../../contract/device.ts';
import type { Mode } from '../../contract/mode.ts';
import type { Credential, FromLock, Lasting, LockRecord, Payload, Spell, Status, ToLock } from './port.ts';

/** Where the bolt is. At rest, `between` is a jam. */
export type BoltPosition = 'locked' | 'unlocked' | 'between';
export type Method = NonNullable<LockRecord['method']>;
export type RefusalWhy = Extract<FromLock, { answer: 'refused' }>['why'];
export type Decoded = LockRecord | { readonly unknown: Payload };

/** An entry of a kind that only newer firmware knows: nobody outside can name it, and it must not be lost. */
export type NovelRecord = Omit<LockRecord, 'what'> & { readonly what: 'novel'; readonly name: string };
/** What the lock's own log holds. */
export type LogEntry = LockRecord | NovelRecord;

/** What a mode may switch off: a code at the keypad, lock and unlock by the API, the bolt that throws itself. */
export type ModeWay = 'code' | 'remote' | 'relock';

/** Why a session over the lock's own link has ended. */
export type Over = 'key-gone' | 'power-lost' | 'replaced';

/** The wrong-code counter and what is left of a lockout; 0 when there is none. */
export interface Lockout {
  readonly wrong: number;
  readonly leftMs: number;
}
export type Written =
  | { readonly kind: 'written'; readonly table: readonly Credential[] }
  | { readonly kind: 'refused'; readonly why: RefusalWhy };

interface DeviceTime {
  /** By the lock's own clock, epoch ms. */
  readonly deviceMs: number;
  readonly clockKnown: boolean;
}

/**
 * Where the lock decides something. `given` is all that the decision rests on, `answer` what is done; the honest
 * answer is worked out first and may be replaced by a fault. Arrays are in slot or sequence order and never changed in place.
 */
export interface LockPoints {
  /** Whether a numbered message is taken. `newest` is the highest number taken so far: repeats and stragglers are not. */
  'frame.accept': {
    given: { readonly serial: string; readonly frame: number; readonly newest: number; readonly message: ToLock };
    answer: boolean;
  };
  /** Whether these digits are held by another slot already. */
  duplicate: {
    given: { readonly slot: number; readonly digits: string; readonly table: readonly Credential[] };
    answer: boolean;
  };
  /** The table after a set or a clear, or why not. `keypad`: by a hand at the lock itself. */
  'table.write': {
    given: {
      readonly message: Extract<ToLock, { ask: 'set' | 'clear' }>;
      readonly by: 'platform' | 'keypad';
      readonly table: readonly Credential[];
      /** Slots 1 … capacity are the platform's. */
      readonly capacity: number;
      readonly duplicate: boolean;
    };
    answer: Written;
  };
  /** What is told about a write: null says done. */
  'table.ack': {
    given: { readonly message: Extract<ToLock, { ask: 'set' | 'clear' }>; readonly written: Written };
    answer: RefusalWhy | null;
  };
  /** What a reading of the table returns. */
  'table.read': { given: { readonly table: readonly Credential[] }; answer: readonly Credential[] };
  /** Whether time lets this credential open now. `zone` is where the lock believes to be. */
  'schedule.allows': {
    given: DeviceTime & { readonly credential: Credential; readonly zone: string };
    answer: boolean;
  };
  /** Who is let in by these digits: slot and tag of the credential, or null for nobody. */
  present: {
    given: DeviceTime & {
      readonly serial: string;
      readonly digits: string;
      readonly table: readonly Credential[];
      /** Slots whose schedule allows it, among those with these digits. */
      readonly inTime: readonly number[];
    };
    answer: { readonly slot: number; readonly tag: string } | null;
  };
  /** Uses left after an opening by this credential. */
  'use.count': { given: { readonly credential: Credential }; answer: number | null };
  /**
   * When a credential that ends some time after its first use was first used, by the lock's clock; null: not yet. Asked when one
   * is set, of what it then is and what its place held of the same grant, and when one has opened.
   */
  'use.first': {
    given: {
      readonly because: 'set' | 'opened';
      readonly lasting: Lasting;
      readonly held: Lasting | null;
      readonly deviceMs: number;
    };
    answer: number | null;
  };
  /** Whether a use of this credential is told as one under duress. */
  'use.duress': { given: { readonly credential: Credential }; answer: boolean };
  /** What the keypad shows of a code that is let in. */
  'keypad.shows': { given: { readonly credential: Credential }; answer: 'accepted' | 'denied' };
  /**
   * The counter after a presentation. `wrong`: no such code · `not-now`: a code that may not open now · `accepted`.
   * `leftMs` above 0 in the answer begins or goes on with a lockout.
   */
  lockout: {
    given: DeviceTime & {
      readonly because: 'wrong' | 'not-now' | 'accepted';
      readonly before: Lockout;
      readonly limit: number;
      readonly lockoutMs: number;
    };
    answer: Lockout;
  };
  /** Whether a remote bolt command is carried out; null does it. */
  'bolt.accept': {
    given: DeviceTime & {
      readonly message: Extract<ToLock, { ask: 'bolt' }>;
      readonly batteryPercent: number;
      readonly motorWorks: boolean;
    };
    answer: 'expired' | 'power' | 'busy' | 'mode' | null;
  };
  /** Whether the mode that the lock is in lets something happen. */
  'mode.allows': { given: { readonly mode: Mode; readonly way: ModeWay }; answer: boolean };
  /** The mode after somebody asked for one, and what is told of that. */
  'mode.set': {
    given: { readonly from: Mode; readonly to: Mode; readonly bolt: BoltPosition };
    answer: { readonly accepted: boolean; readonly mode: Mode };
  };
  /** What the lock holds of a spell of time after somebody asked for one, or for none, and what is told of that. */
  'mode.spell': {
    given: { readonly before: Spell | null; readonly asked: Spell | null };
    answer: { readonly accepted: boolean; readonly spell: Spell | null };
  };
  /** The mode that is in force while the lock holds a spell; `set` is the one that it was set to by hand. */
  'mode.in-force': { given: { readonly set: Mode; readonly spell: Spell; readonly deviceMs: number }; answer: Mode };
  /** The mode after the hand inside brought the bolt somewhere. */
  'mode.turned': { given: { readonly mode: Mode; readonly to: BoltPosition }; answer: Mode };
  /** How a motion by the motor ends and how long it takes. */
  'bolt.move': {
    given: {
      readonly from: BoltPosition;
      readonly to: 'locked' | 'unlocked';
      readonly method: Method;
      readonly blocked: boolean;
      readonly door: 'open' | 'closed';
    };
    answer: { readonly ends: BoltPosition; readonly tookMs: number };
  };
  /** Where a hand at the thumb-turn or the inside handle brings the bolt. */
  'hand.turn': {
    given: {
      readonly from: BoltPosition;
      readonly to: 'locked' | 'unlocked';
      readonly blocked: boolean;
      readonly motorWorks: boolean;
    };
    answer: BoltPosition;
  };
  /** Where the lock says that its bolt is: after a motion (what is logged and answered) and in each status. */
  'bolt.report': {
    given: {
      readonly position: BoltPosition;
      /** Where it was last told to go. */
      readonly wanted: 'locked' | 'unlocked' | null;
      readonly during: 'motion' | 'status';
    };
    answer: 'locked' | 'unlocked' | 'jammed';
  };
  /** After how long the bolt throws itself; null: not as things are. Asked whenever bolt, door or power change. */
  relock: {
    given: {
      readonly bolt: BoltPosition;
      readonly door: 'open' | 'closed';
      readonly motorWorks: boolean;
      readonly autoRelockMs: number;
      /** What is left of the time for which the bolt was drawn; null where none was stated. */
      readonly statedMs: number | null;
    };
    answer: number | null;
  };
  /** For how long the bolt is drawn this time, where that was stated; null leaves it to auto-relock. */
  'bolt.stated': { given: { readonly forMs: number | null }; answer: number | null };
  /** What joins the log for one happening: none, one, several, or something else. The log's next number follows the last. */
  'log.append': {
    given: { readonly record: LogEntry; readonly log: readonly LogEntry[]; readonly capacity: number };
    answer: readonly LogEntry[];
  };
  /** What a reading of the log returns. */
  'log.read': {
    given: { readonly after: number; readonly limit: number; readonly log: readonly LogEntry[] };
    answer: readonly LogEntry[];
  };
  /** What the lock's clock shows: asked at every reading. `worldMs` is true time. */
  'clock.read': { given: { readonly worldMs: number; readonly deviceMs: number }; answer: number };
  /** The clock after the platform set it; null leaves it as it was. */
  'clock.set': {
    given: DeviceTime & { readonly toMs: number };
    answer: { readonly deviceMs: number; readonly clockKnown: boolean } | null;
  };
  /** Where the bolt is after power went. */
  'power.cut': {
    given: { readonly bolt: BoltPosition; readonly moving: boolean; readonly failMode: 'safe' | 'secure' };
    answer: BoltPosition;
  };
  /** What comes back with power. `deviceMs` is the last reading where the clock does not survive. */
  'power.restore': {
    given: DeviceTime & {
      readonly table: readonly Credential[];
      readonly log: readonly LogEntry[];
      readonly lockout: Lockout;
      readonly mode: Mode;
      readonly offForMs: number;
    };
    answer: DeviceTime & {
      readonly table: readonly Credential[];
      readonly log: readonly LogEntry[];
      readonly lockout: Lockout;
      readonly mode: Mode;
    };
  };
  /** The percentage that is reported. */
  'battery.report': { given: { readonly percent: number }; answer: number };
  /** The status that goes with every answer. */
  status: { given: { readonly status: Status; readonly ask: ToLock['ask'] }; answer: Status };
  'firmware.encode': { given: { readonly record: LogEntry; readonly version: string }; answer: Payload };
  /** How the platform reads a payload: asked by the platform, with `decode` of firmware.ts as the honest answer. */
  'firmware.decode': { given: { readonly payload: Payload }; answer: Decoded };
  /** Whether an image is taken, and what is there after it. */
  install: {
    given: {
      readonly version: string;
      readonly image: 'good' | 'unsigned' | 'truncated';
      readonly running: string;
      /** Versions that this lock can be moved to, oldest first. */
      readonly known: readonly string[];
      readonly table: readonly Credential[];
    };
    answer: { readonly accepted: boolean; readonly version: string; readonly table: readonly Credential[] };
  };
  /** Whether a handshake goes on with what is offered; null lets it. */
  'link.offer': { given: { readonly version: number; readonly suite: number }; answer: TurnedAway | null };
  /** As whom a caller is let in who has proven to hold a key. `gone`: it was removed or rotated away. */
  'link.admit': { given: { readonly known: 'owner' | 'guest' | 'gone' | 'factory' | 'unknown' }; answer: Role | null };
  /** The lock's part of a session's keys and number. `isFresh`: power came back, and nobody has spoken in a session since. */
  'link.random': { given: { readonly fresh: Uint8Array; readonly isFresh: boolean }; answer: Uint8Array };
  /** Whether a session goes on. `over` is why an honest lock ends it. */
  'link.live': { given: { readonly over: Over | null }; answer: boolean };
  /** Whether a frame of a session is acted on. */
  'link.frame': { given: FrameFacts; answer: boolean };
  /** Whether the line is listened to after what was no frame. */
  'link.hears': { given: { readonly after: 'over-long' | 'spoilt' }; answer: boolean };
  /** What a reading of the log over the lock's own link shows. */
  'link.log': { given: { readonly log: readonly LogEntry[] }; answer: readonly LogEntry[] };
  'link.may': { given: { readonly role: Role; readonly verb: DeviceVerb }; answer: boolean };
  /** Whether somebody may exchange his key for one that the lock holds for another. */
  'link.yields': { given: { readonly key: string }; answer: boolean };
  /** The keys after a change. `own` is the key of who asks. */
  'link.keys': {
    given: {
      readonly verb: 'add-key' | 'remove-key' | 'rotate';
      readonly key: string;
      readonly own: string;
      readonly keys: ReadonlyMap<string, Role>;
    };
    answer: ReadonlyMap<string, Role>;
  };
  /** The keys after a loss of power. `removed`: those taken away since it last came. */
  'link.restore': {
    given: { readonly keys: ReadonlyMap<string, Role>; readonly removed: ReadonlyMap<string, Role> };
    answer: ReadonlyMap<string, Role>;
  };
  /** What the debug port says to what it hears; null is nothing, as on shipping firmware. */
  'debug.answer': { given: { readonly heard: string }; answer: string | null };
  /** The table after a wipe. */
  wipe: { given: { readonly table: readonly Credential[] }; answer: readonly Credential[] };
}
