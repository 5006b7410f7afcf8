import { z } from 'zod';
import { modes } from './mode.ts';

/**
 * What a target declares of itself. Complete or invalid: an unset field is neither yes nor no.
 * Every number that a requirement uses comes from here. All times in ms unless the name says otherwise.
 */
const ms = z.number().int().min(0);
const minuteMs = 60_000;
const count = z.number().int().min(1);

export const abilities = [
  'keypad',
  'users',
  'windows',
  'recurrence',
  'use-counts',
  'suspend',
  'change-pin',
  'auto-relock',
  'remote-operation',
  'events',
  'webhooks',
  'several-integrations',
  'scopes',
  'token-refresh',
  'idempotency-key',
  'client-name',
  'admin-at-lock',
  'replaceable',
  'firmware-update',
  'battery-report',
  'connectivity-report',
  'clock-report',
  'pagination',
  'rate-limits',
  'operations',
  'local-credentials',
  'device-link',
  'modes',
  'timed-unlock',
  'mode-schedules',
  'expiring',
  'duress',
] as const;
/** Abilities that joined after traces had been kept. */
export const newerAbilities: readonly Ability[] = [
  'device-link',
  'modes',
  'timed-unlock',
  'mode-schedules',
  'expiring',
  'duress',
];
export type Ability = (typeof abilities)[number];

const limits = z.strictObject({
  users: count,
  credentials: count,
  pinMinDigits: z.number().int().min(3).max(12),
  pinMaxDigits: z.number().int().min(3).max(12),
  /** Where a PIN must be unique. */
  pinUnique: z.enum(['lock', 'account', 'none']),
  nameBytes: count,
  /** Most uses that a grant can be given, where there are counts; left out: any number. */
  uses: count.optional(),
  /** The one time that all grants have which end after their first use; left out: each has its own, of whole minutes. */
  lastsMs: z.number().int().min(minuteMs).multipleOf(minuteMs).optional(),
  pageItems: count,
  eventBuffer: count,
  wrongCodes: z.number().int().min(0).describe('wrong codes until lockout; 0 where the lock has none'),
  lockoutMs: ms,
  /** Requests allowed in a window for one caller; 0 where no limit is announced. */
  rateRequests: z.number().int().min(0),
  rateWindowMs: ms,
});

const timing = z.strictObject({
  /** Longest time that one API call takes to answer or fail. */
  callMs: ms,
  /** Longest time from an accepted grant to its confirmation by a reachable lock. */
  grantMs: ms,
  /** The same for a revocation and any other narrowing. */
  revokeMs: ms,
  /** Longest time that lock and unlock take; later they expire and are never carried out. */
  operateMs: ms,
  /** Longest time for a change at the lock to show in API state. */
  stateMs: ms,
  /** Longest time for an act to be in the event feed of a reachable lock. */
  eventMs: ms,
  /** Longest time from link restored to talking again. */
  reconnectMs: ms,
  /** After this without contact the platform says offline. */
  offlineAfterMs: ms,
  /** After faults end, nothing undeclared moves any more after this. */
  settleMs: ms,
  boltMs: ms,
  /** Auto-relock delay; 0 where there is none. */
  autoRelockMs: ms,
  /** Longest time until a webhook that was not received is tried again for the first time; left out it is that of wire v1. */
  pushRetryMs: ms.default(5_000),
});

const time = z.strictObject({
  driftMsPerDay: ms,
  /** How often a reachable lock's clock is set. */
  syncEveryMs: ms,
  resolutionMs: ms,
  endInclusive: z.boolean(),
  /** What a lock does with windowed grants while it knows that its clock is wrong. */
  unknownClock: z.enum(['deny-windowed', 'last-known']),
  /** Whether the clock survives a power cut. */
  keepsClock: z.boolean(),
  dstGap: z.enum(['skip', 'shift']),
  dstFold: z.enum(['first', 'both']),
});

const api = z.strictObject({
  tokenMs: z.number().int().min(0).describe('access token lifetime; 0 for tokens that do not expire'),
  refreshGraceMs: ms,
  keyKeptMs: ms,
  readBack: z.enum(['plain', 'masked', 'hashed', 'withheld']),
  /** How long a revoked grant stays readable; 0: gone at once. */
  revokedReadableMs: ms,
  eventRetentionMs: ms,
  /** Whether the grants' windows are echoed. */
  echoesWindow: z.boolean(),
});

const safety = z.strictObject({
  failMode: z.enum(['safe', 'secure']),
  batteryLowPercent: z.number().min(0).max(100),
  /** Below this the lock no longer moves its bolt by motor. */
  batteryDeadPercent: z.number().min(0).max(100),
});

export const declarationSchema = z.strictObject({
  vendor: z.string().max(80),
  model: z.string().max(80),
  zone: z.string().max(60),
  /** `true` has it; a sentence says why it is lacking. */
  abilities: z.record(z.enum(abilities), z.union([z.literal(true), z.string().min(3).max(200)])),
  limits,
  timing,
  time,
  api,
  safety,
  /** Event kinds that acts make; a kind that is not listed is declared absent. */
  events: z.array(z.string().max(40)),
  /** Firmware versions that the target can be moved between, oldest first; the first is the one it starts with. */
  firmware: z.array(z.string().max(40)),
  /** Modes that the lock can be set to, `normal` among them; none where it has no others. */
  modes: z.array(z.enum(modes)).max(modes.length).default([]),
});
export type Declaration = z.infer<typeof declarationSchema>;

export const has = (declaration: Declaration, ability: Ability): boolean => declaration.abilities[ability] === true;
