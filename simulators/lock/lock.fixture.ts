import { abilities, declarationSchema } from '../../contract/declaration.ts';
import { modes } from '../../contract/mode.ts';
import type { Declaration } from '../../contract/declaration.ts';
import { virtualClock } from '../clock.ts';
import type { Decide } from '../decisions.ts';
import { seededRandom } from '../random.ts';
import { createLock } from './lock.ts';
import type { Credential, FromLock, Schedule, ToLock } from './port.ts';

/** Monday 2026-06-01T00:00:00Z: where the time of a test begins. */
export const startMs = 1_780_272_000_000;
export const always: Schedule = { startMs: null, endMs: null, zone: 'UTC', recurrence: null };

/** A complete declaration with small limits. */
export const declared: Declaration = {
  vendor: 'lockproof',
  model: 'test lock',
  zone: 'UTC',
  abilities: declarationSchema.shape.abilities.parse(Object.fromEntries(abilities.map((name) => [name, true]))),
  limits: {
    users: 10,
    credentials: 4,
    pinMinDigits: 4,
    pinMaxDigits: 8,
    pinUnique: 'lock',
    nameBytes: 64,
    pageItems: 20,
    eventBuffer: 20,
    wrongCodes: 3,
    lockoutMs: 60_000,
    rateRequests: 0,
    rateWindowMs: 0,
  },
  timing: {
    callMs: 5000,
    grantMs: 20_000,
    revokeMs: 20_000,
    operateMs: 10_000,
    stateMs: 5000,
    eventMs: 10_000,
    reconnectMs: 15_000,
    offlineAfterMs: 60_000,
    settleMs: 60_000,
    boltMs: 800,
    autoRelockMs: 30_000,
    pushRetryMs: 5_000,
  },
  time: {
    driftMsPerDay: 2000,
    syncEveryMs: 3_600_000,
    resolutionMs: 1000,
    endInclusive: false,
    unknownClock: 'deny-windowed',
    keepsClock: false,
    dstGap: 'skip',
    dstFold: 'first',
  },
  api: {
    tokenMs: 0,
    refreshGraceMs: 0,
    keyKeptMs: 0,
    readBack: 'plain',
    revokedReadableMs: 0,
    eventRetentionMs: 0,
    echoesWindow: true,
  },
  safety: { failMode: 'secure', batteryLowPercent: 20, batteryDeadPercent: 5 },
  events: [],
  firmware: ['1.0', '1.1', '2.0'],
  modes: [...modes],
};

export const honest: Decide = (_point, _given, answer) => answer;

/** A lock with a clock of its own. `change` replaces whole groups of the declaration. */
export function fixture(change: Partial<Declaration> = {}, decide: Decide = honest, driftMsPerDay = 0) {
  const { clock, run, alarms } = virtualClock({ startMs, limitMs: 4e11 });
  const world = { clock, random: seededRandom(1) };
  const lock = createLock({ world, declaration: { ...declared, ...change }, serial: 'L-1', decide, options: { driftMsPerDay } });
  const ask = (message: ToLock): Promise<FromLock | null> => lock.port.ask(message);
  return {
    world,
    run,
    alarms,
    lock,
    ask,
    set: (slot: number, digits: string, more: Partial<Credential> = {}) =>
      ask({ ask: 'set', credential: code(slot, digits, more) }),
    present: async (digits: string) => {
      const { keypad, opened } = await lock.plant.act({ act: 'present', digits });
      return `${keypad}${opened === true ? ' open' : ''}`;
    },
    turn: (to: 'locked' | 'unlocked') => lock.plant.act({ act: 'turn', to }),
    power: (on: boolean) => lock.plant.act({ act: 'power', on }),
    /** What the log tells, newest last. */
    told: () => lock.truth().log.map(({ what, method, slot }) => [what, method, slot].filter((part) => part !== null).join(' ')),
  };
}

/** A credential without limits but for `more`. */
export const code = (slot: number, digits: string, more: Partial<Credential> = {}): Credential => ({
  slot,
  digits,
  schedule: always,
  usesLeft: null,
  enabled: true,
  tag: `t${slot}`,
  ...more,
});

/** `done`, why it was refused, or `silence`. */
export const gist = (answer: FromLock | null): string =>
  answer === null ? 'silence' : answer.answer === 'refused' ? answer.why : answer.answer;
