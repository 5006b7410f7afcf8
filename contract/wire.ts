import { z } from 'zod';
import { eventVerbs } from './event.ts';
import type { Lacks } from './feature.ts';
import type { LineTrouble } from './link.ts';
import { countSchema, eventSchema, instantSchema, wordSchema } from './trace-values.ts';

/**
 * What is done to a wire itself, beneath what an integration asks of a platform: the lock's own link, the transport of the
 * API, and our receiver of webhooks. Closed unions, so that acts are data and replay on any bench and any vendor's wire.
 */

/**
 * Who opens a session with the lock. `owner` holds the key that was agreed at commissioning · `guest` a key that the owner
 * added · `former` a key that was removed or rotated away · `stranger` a key that the lock never heard of · `default` the
 * key that a lock leaves the factory with · `anonymous` nobody: no handshake at all, or one by
 * what stands for no key
 */
export const callers = ['owner', 'guest', 'former', 'stranger', 'default', 'anonymous'] as const;
export type Caller = (typeof callers)[number];

/**
 * What only a panel asks of a reader: what it has kept, taken until there is no more · what it can · to shine, to sound, to show a
 * text · to release the door for `pulseMs`, and no longer.
 */
export const panelAsks = ['reports', 'capabilities', 'light', 'sound', 'text', 'pulse'] as const;
/** For how long a reader is asked to release the door by itself, ms: longer than two questions to it take. */
export const pulseMs = 2_000;
/** What is asked of the lock over its own link. */
export const deviceAsks = ['status', 'lock', 'unlock', 'log', 'table', ...panelAsks] as const;

/**
 * How a request is put on the line. `well` as it should be, `split` byte by byte, `glued` two good ones in one piece.
 * All others are spoilt: `cut` ends early, `flipped` has a wrong bit, `over-long` exceeds the longest frame,
 * `ungrammatical` is whole and authentic but is no request, `twice` is sent again as it was, `swapped` overtakes the one
 * before it, `plain` is not encrypted (where that has several forms, at each time
 * in the next), `noise` is bytes without meaning, `misaddressed` is good and
 * meant for another, `forged` is whole
 * under a seal that somebody else made.
 */
export const sendings = [
  'well',
  'split',
  'glued',
  'cut',
  'flipped',
  'over-long',
  'ungrammatical',
  'twice',
  'swapped',
  'plain',
  'noise',
  'forged',
  'misaddressed',
] as const;
export type Sending = (typeof sendings)[number];

const caller = z.enum(callers);
/** An act on the lock's own link. */
const deviceAct = z.discriminatedUnion('do', [
  /** A session is opened; an older one of the same caller ends. `older` and `weaker` ask for less than the wire's version and suite; `unproven` proves it with a byte wrong at the end. */
  z.strictObject({
    on: z.literal('device'),
    do: z.literal('connect'),
    as: caller,
    offer: z.enum(['right', 'older', 'weaker', 'unproven']),
  }),
  z.strictObject({ on: z.literal('device'), do: z.literal('ask'), as: caller, ask: z.enum(deviceAsks), sent: z.enum(sendings) }),
  /**
   * All bytes that were sent in the caller's session before, again: into the open one, or after the link was opened anew.
   * `begun-again`: into the open one the proof that began it and all that came after it, as far as a protocol can say that.
   */
  z.strictObject({
    on: z.literal('device'),
    do: z.literal('replay'),
    as: caller,
    into: z.enum(['session', 'fresh-link', 'begun-again']),
  }),
  /** The owner gives the guest a key, takes it away, or exchanges his own. */
  z.strictObject({ on: z.literal('device'), do: z.enum(['add-guest', 'remove-guest', 'rotate']) }),
  /** An exchange of the owner's key that the session does not protect. If it is taken, `former` holds the new one. */
  z.strictObject({ on: z.literal('device'), do: z.literal('rotate-plain') }),
  /** The owner gives, in his session, half a key for his own: too short for the link. */
  z.strictObject({ on: z.literal('device'), do: z.literal('rotate-short') }),
  /** The guest tries what is not his: to add a stranger's key, to remove the owner's, to exchange his own for the owner's. */
  z.strictObject({ on: z.literal('device'), do: z.enum(['add-stranger', 'remove-owner', 'become-owner']) }),
  /** The reader gets another address on its line, or its own again. */
  z.strictObject({ on: z.literal('device'), do: z.literal('readdress'), to: z.enum(['other', 'own']) }),
  /** The caller's end of the session is forgotten without a word. */
  z.strictObject({ on: z.literal('device'), do: z.literal('leave'), as: caller }),
]);
export type DeviceAct = z.infer<typeof deviceAct>;

/** An act on the transport of the API: what does the server accept, and what do the `headers` of an answer over TLS say? */
const transportAct = z.strictObject({
  on: z.literal('transport'),
  do: z.literal('probe'),
  with: z.enum(['current', 'tls-1.1', 'tls-1.0', 'weak-ciphers', 'plain-http', 'certificate', 'headers']),
});

export type TransportAct = z.infer<typeof transportAct>;

/** How our receiver of webhooks behaves from now on. */
export const behaviours = [
  'good',
  'down',
  'refusing',
  'redirecting',
  'expired-certificate',
  'self-signed',
  'wrong-host',
  'untrusted',
  'old-tls',
] as const;
export type Behaviour = (typeof behaviours)[number];
const receiverAct = z.strictObject({ on: z.literal('receiver'), do: z.literal('behave'), as: z.enum(behaviours) });

/** An act on the lock's debug or bench port: the usual knocks, and whether anybody is at home. */
const debugAct = z.strictObject({ on: z.literal('debug'), do: z.literal('probe') });

/** An act on a wire as it is stored. */
export const wireActSchema = z.union([deviceAct, transportAct, receiverAct, debugAct]);
export type WireAct = z.infer<typeof wireActSchema>;
export type WirePlace = WireAct['on'];

const list = <T extends z.ZodType>(schema: T) => z.array(schema).max(20_000).readonly();
/** What the lock says of itself over its own link. */
const deviceStatus = z.strictObject({
  bolt: z.enum(['locked', 'unlocked', 'jammed', 'unknown']),
  batteryPercent: z.number().nullable(),
  /** The lock's own clock, epoch ms. */
  deviceMs: instantSchema.nullable(),
  clockKnown: z.boolean().nullable(),
  firmware: wordSchema.nullable(),
});
/** A record of the lock's own log, in the contract's words. */
const deviceRecord = z.strictObject({
  seq: countSchema,
  deviceMs: instantSchema,
  verb: z.enum(eventVerbs),
  method: z.enum(['pin', 'remote', 'hand', 'auto', 'keypad-admin', 'unknown']).nullable(),
  /** Which credential: the slot in the lock's table. */
  slot: countSchema.nullable(),
});
/** Something done at a reader, as it tells its panel. A PIN, and the number of a card, by its symbol; `other` is none of this run. */
const readerReport = z.strictObject({ kind: z.enum(['pin', 'card']), pin: wordSchema.nullable() });
export type ReaderReport = z.infer<typeof readerReport>;
/** What a reader says of itself: which ability, to which level, how many of it; what the numbers mean is the protocol's. */
const capability = z.strictObject({ code: countSchema, level: countSchema, items: countSchema });
export type Capability = z.infer<typeof capability>;
/** What came of an act on the lock's link. */
const deviceSight = z.strictObject({
  on: z.literal('device'),
  /** `nothing`: silence until the deadline. `closed`: the session, or the link, was ended by the lock. */
  said: z.enum(['done', 'refused', 'nothing', 'closed']),
  /** Good answers that came; two where two good requests were glued. */
  answers: countSchema,
  /** The lock's typed reason; empty where it gave none. */
  code: wordSchema,
  status: deviceStatus.nullable(),
  log: list(deviceRecord).nullable(),
  /** Occupied slots of the lock's table. */
  slots: list(countSchema).nullable(),
  /** What a reader had kept, in the order in which it gave it; older traces have none. */
  reports: list(readerReport).nullable().default(null),
  /** What a reader says that it can, and how well; older traces have none. */
  capabilities: list(capability).nullable().default(null),
});

/** What a probe of the transport saw. */
const transportSight = z.strictObject({
  on: z.literal('transport'),
  /** Whether the server went on with what was offered. Null: it could not be tried. */
  accepted: z.boolean().nullable(),
  protocol: wordSchema.nullable(),
  cipher: wordSchema.nullable(),
  /** For `certificate`: whether it verifies, and until when it is good, epoch ms. */
  verified: z.boolean().nullable(),
  validToMs: instantSchema.nullable(),
  /** For `plain-http`: whether a secret could have been read on the way. */
  redirected: z.boolean().nullable(),
  /** For `headers`: max-age of Strict-Transport-Security in seconds; null where it is absent or unreadable. Older traces have none. */
  hsts: countSchema.nullable().default(null),
});

export type TransportSight = z.infer<typeof transportSight>;

const receiverSight = z.strictObject({ on: z.literal('receiver') });

/** Why a debug port could not be judged: trouble with its line, or `talking`: it does not fall silent by itself. */
export const debugTroubles = [
  'missing',
  'busy',
  'permission',
  'settings',
  'off',
  'unplugged',
  'late',
  'talking',
] as const satisfies readonly (LineTrouble | 'talking')[];
export type DebugTrouble = (typeof debugTroubles)[number];
/** What knocking at a debug port brought. What was said is hostile, and may be secret: only how much is kept. */
const debugSight = z.strictObject({
  on: z.literal('debug'),
  /** Whether the port could be opened, and was quiet enough to be judged. */
  tried: z.boolean(),
  /** Why not; null where it was tried. */
  trouble: z.enum(debugTroubles).nullable(),
  /** The speed that was spoken; null on a line that has none. */
  baud: countSchema.nullable(),
  /** Whether anything came back, an echo too. */
  answered: z.boolean(),
  bytes: countSchema,
});
export type DebugSight = z.infer<typeof debugSight>;

/** What came of an act on a wire, as it is stored. */
export const wireSightSchema = z.discriminatedUnion('on', [deviceSight, transportSight, receiverSight, debugSight]);
export type WireSight = z.infer<typeof wireSightSchema>;

/** One delivery that reached our receiver. */
export const deliverySchema = z.strictObject({
  /** `webhook-id`; empty without one. */
  id: wordSchema,
  /** Null for a challenge, and for what is no event. */
  event: eventSchema.nullable(),
  challenge: z.boolean(),
  /** Against the secret that was shown at registration; `unknown`: none has been shown yet. */
  signature: z.enum(['valid', 'wrong', 'missing', 'unknown']),
  /** Whether the secret that was shown for its webhook is that of another one too. */
  sharesSecret: z.boolean().default(false),
  /** The name that its webhook was added under: the end of the URL. */
  webhook: wordSchema,
  /** `webhook-timestamp`, epoch ms; null without one. */
  stampMs: instantSchema.nullable(),
  /** How our receiver behaved; what came over a bad certificate should never have come. */
  behaviour: z.enum(behaviours),
  /** The status that we answered. */
  answered: countSchema.nullable(),
  /** PIN symbols whose digits stood in it. */
  secretsSeen: list(wordSchema),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** The wires of a bench that acts can be done on. */
export interface Wires {
  readonly can: ReadonlySet<WirePlace>;
  /** What the protocol of the lock's own link has no words for, and why. Left out: nothing. */
  readonly lacks?: Lacks;
  /** Every wait in it has a limit; trouble is part of the sight. */
  act(act: WireAct): Promise<WireSight>;
  /** Calls back on every delivery to our receiver; returns the way to stop. */
  watch(heard: (delivery: Delivery) => void): () => void;
  close(): Promise<void>;
}

/** Wires that reach the lock itself, and the way to find and leave its keys as they were. */
export interface LinkWires extends Wires {
  /** The owner's own key is in force and no guest's is, whatever an earlier run left; null, or why that is not so. */
  restore(): Promise<string | null>;
  /** Another lock is there from now on, as it left its commissioning. */
  forget(): void;
}
