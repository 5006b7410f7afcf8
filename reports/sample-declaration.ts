import { abilities, type Declaration, declarationSchema } from '../contract/declaration.ts';

/** Abilities that the sample's target lacks, with the reason that it gives. */
export const sampleLacking: Readonly<Record<string, string>> = {
  'use-counts': 'The platform has no counted codes',
  webhooks: 'Events are offered in the feed only',
  'firmware-update': 'Updates are made by the maker, not by the API',
};

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A complete declaration of a target that nobody makes. */
export const sampleDeclaration: Declaration = declarationSchema.parse({
  vendor: 'Northgate',
  model: 'Meridian 2',
  zone: 'Europe/Copenhagen',
  abilities: Object.fromEntries(abilities.map((ability) => [ability, sampleLacking[ability] ?? true])),
  limits: {
    users: 100,
    credentials: 100,
    pinMinDigits: 4,
    pinMaxDigits: 8,
    pinUnique: 'lock',
    nameBytes: 64,
    pageItems: 50,
    eventBuffer: 1_000,
    wrongCodes: 5,
    lockoutMs: 3 * minuteMs,
    rateRequests: 120,
    rateWindowMs: minuteMs,
  },
  timing: {
    callMs: 5_000,
    grantMs: 15_000,
    revokeMs: 10_000,
    operateMs: 10_000,
    stateMs: 5_000,
    eventMs: 10_000,
    reconnectMs: 30_000,
    offlineAfterMs: 2 * minuteMs,
    settleMs: minuteMs,
    boltMs: 1_200,
    autoRelockMs: 30_000,
    pushRetryMs: 5_000,
  },
  time: {
    driftMsPerDay: 2_000,
    syncEveryMs: 6 * hourMs,
    resolutionMs: 1_000,
    endInclusive: false,
    unknownClock: 'deny-windowed',
    keepsClock: true,
    dstGap: 'shift',
    dstFold: 'both',
  },
  api: {
    tokenMs: hourMs,
    refreshGraceMs: minuteMs,
    keyKeptMs: dayMs,
    readBack: 'masked',
    revokedReadableMs: 30 * dayMs,
    eventRetentionMs: 90 * dayMs,
    echoesWindow: true,
  },
  safety: { failMode: 'secure', batteryLowPercent: 20, batteryDeadPercent: 5 },
  events: ['lock.locked', 'lock.unlocked', 'lock.jammed', 'lock.denied', 'grant.set', 'grant.revoked'],
  firmware: ['4.2.0'],
  modes: [],
});
