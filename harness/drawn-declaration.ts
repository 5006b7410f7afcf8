import { contradictions } from '../contract/contradictions.ts';
import { type Ability, abilities, type Declaration, declarationSchema, has } from '../contract/declaration.ts';
import type { RouteKind } from '../contract/vendor.ts';
import type { Random } from '../contract/world.ts';

/**
 * Declarations that nobody wrote: what a platform may promise otherwise than the reference does. A simulated world that keeps to
 * one of them is as healthy as one that keeps to the reference, and a requirement that fails there is wrong.
 */

/** Half of the reference's times and limits are replaced by one of these. */
const choices: Readonly<Record<'limits' | 'time' | 'api' | 'safety', Readonly<Record<string, readonly unknown[]>>>> = {
  limits: {
    users: [10, 25, 100],
    credentials: [8, 12, 60],
    pinMinDigits: [4, 5, 6],
    pinMaxDigits: [6, 7, 10, 12],
    pinUnique: ['lock', 'account', 'none'],
    nameBytes: [16, 32, 200],
    uses: [undefined, 1, 2, 5, 255],
    lastsMs: [undefined, 60_000, 300_000],
    pageItems: [5, 20, 100],
    eventBuffer: [10, 40, 400],
    wrongCodes: [0, 2, 3, 10],
    lockoutMs: [3_000, 20_000, 300_000],
    rateRequests: [60, 200, 1_000],
  },
  time: {
    driftMsPerDay: [0, 500, 10_000],
    syncEveryMs: [600_000, 3_600_000, 86_400_000],
    resolutionMs: [1, 1_000, 60_000],
    endInclusive: [true, false],
    unknownClock: ['deny-windowed', 'last-known'],
    keepsClock: [true, false],
    dstGap: ['skip', 'shift'],
    dstFold: ['first', 'both'],
  },
  api: {
    tokenMs: [0, 120_000, 86_400_000],
    refreshGraceMs: [0, 5_000, 600_000],
    keyKeptMs: [600_000, 3_600_000],
    readBack: ['plain', 'masked', 'hashed', 'withheld'],
    revokedReadableMs: [0, 60_000, 3_600_000],
    eventRetentionMs: [604_800_000, 31_536_000_000],
    echoesWindow: [true, false],
  },
  safety: { failMode: ['safe', 'secure'], batteryLowPercent: [10, 30], batteryDeadPercent: [0, 3] },
};
/** The reference's times, times one of these. */
const factors = [0.1, 0.3, 3] as const;
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC', 'America/Sao_Paulo'] as const;

/**
 * What no drawn declaration declines: the core, and idempotency keys, without which the simulated platform does make things twice.
 */
const kept: readonly Ability[] = ['keypad', 'remote-operation', 'events', 'idempotency-key'];
/** One ability in so many is declined. */
const declineOneIn = 6;
/** A lock that moves its bolt does nothing else; a wish that waits for some throws is still in time. */
const throwsInTime = 8;

export interface Drawing {
  readonly route: RouteKind;
  /** Whether abilities may be declined. */
  readonly declines: boolean;
  /** Limits that stay as they are. */
  readonly keeps: readonly (keyof Declaration['limits'])[];
}

/** A declaration drawn by chance, which does not contradict itself. Throws where it does: that is a mistake made here. */
export function drawnDeclaration(reference: Declaration, random: Random, { route, declines, keeps }: Drawing): Declaration {
  const pick = <T>(all: readonly T[]): T | undefined => all[random.below(all.length)];
  const half = <T extends object>(values: T, others: Readonly<Record<string, readonly unknown[]>>): T =>
    Object.entries(others).reduce(
      (drawn, [name, all]) => (random.below(2) === 0 ? drawn : { ...drawn, [name]: pick(all) }),
      values,
    );
  const times = Object.fromEntries(
    Object.entries(reference.timing)
      // When webhooks are tried again is written in the wire's own document.
      .filter(([name]) => name !== 'pushRetryMs')
      .map(([name, ms]) => [name, factors.map((factor) => Math.round(ms * factor))]),
  );
  const declined = abilities.filter((ability) => declines && !kept.includes(ability) && random.below(declineOneIn) === 0);
  const limits = Object.fromEntries(Object.entries(choices.limits).filter(([name]) => !keeps.some((one) => one === name)));
  const drawn = {
    ...reference,
    zone: pick(zones) ?? reference.zone,
    abilities: { ...reference.abilities, ...Object.fromEntries(declined.map((ability) => [ability, 'declined by chance'])) },
    limits: half(reference.limits, limits),
    timing: half(reference.timing, times),
    time: half(reference.time, choices.time),
    api: half(reference.api, choices.api),
    safety: half(reference.safety, choices.safety),
  };
  const declaration = declarationSchema.parse(consistent(drawn));
  const [wrong] = contradictions(declaration, route);
  if (wrong) throw new Error(`a drawn declaration contradicts itself: ${wrong.path}: ${wrong.message}`);
  return declaration;
}

/** What belongs together is made to agree. */
function consistent(drawn: Declaration): Declaration {
  const { limits, timing } = drawn;
  const hasModes = has(drawn, 'modes');
  return {
    ...drawn,
    abilities: { ...drawn.abilities, ...(!hasModes && { 'mode-schedules': 'there are no modes' }) },
    modes: hasModes ? drawn.modes : [],
    limits: {
      ...limits,
      pinMaxDigits: Math.max(limits.pinMinDigits, limits.pinMaxDigits),
      rateRequests: has(drawn, 'rate-limits') ? limits.rateRequests : 0,
    },
    timing: {
      ...timing,
      // Who has no operations may answer a command when it is done.
      callMs: Math.max(timing.callMs, has(drawn, 'operations') ? 0 : throwsInTime * timing.boltMs),
      autoRelockMs: has(drawn, 'auto-relock') ? timing.autoRelockMs : 0,
      operateMs: Math.max(timing.operateMs, throwsInTime * timing.boltMs),
      grantMs: Math.max(timing.grantMs, throwsInTime * timing.boltMs),
      revokeMs: Math.max(timing.revokeMs, throwsInTime * timing.boltMs),
    },
  };
}
