import { abilities, type Declaration, declarationSchema } from '../contract/declaration.ts';
import type { EventView } from '../contract/event.ts';
import { modes } from '../contract/mode.ts';
import type { Facts, RefusalClass } from '../contract/answer.ts';
import type { Actor, Command, CommandOf } from '../contract/command.ts';
import type { Change, Window } from '../contract/grant.ts';
import type { GrantView, Results } from '../contract/view.ts';
import type { TroubleName } from '../contract/link.ts';
import type { PlantAct, Sight } from '../contract/plant.ts';
import type { Entry, Header, Trace } from '../contract/trace.ts';
import type { Weather } from '../contract/weather.ts';
import type { WireAct, WireSight } from '../contract/wire.ts';

/** Traces written by hand, a line for each thing that happens. Times are ms from the start of the run. */

/** A Monday morning, UTC, with no change of clocks near. */
export const startMs = 1_772_438_400_000;
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const always: Window = { startMs: null, endMs: null, zone: 'Europe/Berlin', recurrence: null };

/** Open between two times from the start. */
export const between = (fromMs: number | null, toMs: number | null): Window => ({
  ...always,
  startMs: fromMs === null ? null : startMs + fromMs,
  endMs: toMs === null ? null : startMs + toMs,
});

/** A lock that has everything, with round numbers. */
export const declared: Declaration = declarationSchema.parse({
  vendor: 'lockproof',
  model: 'by hand',
  zone: 'Europe/Berlin',
  abilities: Object.fromEntries(abilities.map((ability) => [ability, true])),
  limits: {
    users: 10,
    credentials: 10,
    pinMinDigits: 4,
    pinMaxDigits: 8,
    pinUnique: 'lock',
    nameBytes: 64,
    pageItems: 20,
    eventBuffer: 50,
    wrongCodes: 3,
    lockoutMs: 60_000,
    rateRequests: 100,
    rateWindowMs: 10_000,
  },
  timing: {
    callMs: 5_000,
    grantMs: 20_000,
    revokeMs: 20_000,
    operateMs: 10_000,
    stateMs: 5_000,
    eventMs: 10_000,
    reconnectMs: 15_000,
    offlineAfterMs: hourMs,
    settleMs: 60_000,
    boltMs: 1_000,
    autoRelockMs: 30_000,
    pushRetryMs: 5_000,
  },
  time: {
    driftMsPerDay: 2_000,
    syncEveryMs: 6 * hourMs,
    resolutionMs: 1_000,
    endInclusive: false,
    unknownClock: 'deny-windowed',
    keepsClock: false,
    dstGap: 'skip',
    dstFold: 'first',
  },
  api: {
    tokenMs: hourMs,
    refreshGraceMs: 60_000,
    keyKeptMs: dayMs,
    readBack: 'masked',
    revokedReadableMs: dayMs,
    eventRetentionMs: 90 * dayMs,
    echoesWindow: true,
  },
  safety: { failMode: 'secure', batteryLowPercent: 20, batteryDeadPercent: 5 },
  events: ['lock.locked', 'lock.unlocked', 'lock.denied', 'log.gap'],
  firmware: ['1.0', '2.0'],
  modes: [...modes],
});

const groups = ['abilities', 'limits', 'timing', 'time', 'api', 'safety'] as const;
/** What of the declaration is otherwise, group by group. */
export type Otherwise = { readonly [G in (typeof groups)[number]]?: Partial<Declaration[G]> };

/** The declaration with some fields otherwise. */
export const declaring = (otherwise: Otherwise): Declaration =>
  declarationSchema.parse({
    ...declared,
    ...Object.fromEntries(groups.map((group) => [group, { ...declared[group], ...otherwise[group] }])),
  });

const facts: Facts = { tookMs: 20, tries: 1, status: 200, secretsSeen: [], wireFaults: [], rate: null };

/** What may be said of a create beside its name. */
type Made = Partial<Pick<CommandOf<'createGrant'>, 'pin' | 'window' | 'uses' | 'lastsMs' | 'duress' | 'user' | 'key'>>;

/** A create as the machines ask it. */
export const createOf = (grant: string, made: Made = {}): CommandOf<'createGrant'> => ({
  do: 'createGrant',
  grant,
  user: null,
  lock: 'door',
  name: `lp-${grant}`,
  pin: 'plain1',
  window: always,
  uses: null,
  ...made,
});

/** A grant as the platform shows it: confirmed, its PIN masked, without limits. */
export const viewOf = (grant: string, shown: Partial<GrantView> = {}): GrantView => ({
  id: `id-${grant}`,
  name: `lp-${grant}`,
  user: null,
  lock: 'id-door',
  pin: { kind: 'masked' },
  window: always,
  uses: null,
  wish: 'granted',
  sync: 'confirmed',
  external: false,
  ...shown,
});

/** An event of the lock, told by it at once. */
export const eventOf = (id: string, told: Partial<EventView>): EventView => ({
  id,
  verb: 'lock.unlocked',
  rawType: told.verb ?? 'lock.unlocked',
  lock: 'id-door',
  user: null,
  grant: null,
  integration: null,
  method: null,
  deviceMs: null,
  platformMs: startMs,
  confirmed: true,
  about: null,
  gap: null,
  ...told,
});

const header: Omit<Header, 'declaration'> = {
  schema: 1,
  target: 'by-hand',
  vendor: 'reference',
  bench: 'twin',
  seed: 1,
  startMs,
  observations: ['bolt', 'door', 'keypad'],
  means: ['travel', 'fresh'],
  source: 'by hand',
};

const signals: Readonly<Record<NonNullable<Sight['keypad']>, Sight>> = {
  accepted: { bolt: 'unlocked', door: 'closed', keypad: 'accepted', opened: true },
  denied: { bolt: 'locked', door: 'closed', keypad: 'denied', opened: false },
  'locked-out': { bolt: 'locked', door: 'closed', keypad: 'locked-out', opened: false },
  dead: { bolt: 'locked', door: 'closed', keypad: 'dead', opened: false },
};

/** Writes a trace; each call adds what happens next. */
export function traceOf(otherwise: Otherwise = {}) {
  const entries: Entry[] = [];
  const declaration = declaring(otherwise);
  let nowMs = startMs;
  let calls = 0;
  const note = (entry: Entry): void => void entries.push(entry);

  const ask = (command: Command, as: Actor = 'owner'): number => {
    calls += 1;
    note({ kind: 'asked', atMs: nowMs, call: calls, as, command });
    return calls;
  };
  const answer = (call: number, value: Results[keyof Results], confirmed = false): void =>
    note({ kind: 'answered', atMs: nowMs, call, answer: { kind: 'ok', value, confirmed, facts } });
  const ok = (command: Command, value: Results[keyof Results], as: Actor = 'owner'): void => answer(ask(command, as), value);
  const refuse = (call: number, name: RefusalClass = 'request', first: string | null = null): void => {
    const reason = { class: name, code: 'no', retryable: false, retryAfterMs: null, first };
    note({ kind: 'answered', atMs: nowMs, call, answer: { kind: 'refused', reason, facts: { ...facts, status: 400 } } });
  };
  const lose = (call: number, trouble: TroubleName = 'cut'): void =>
    note({ kind: 'answered', atMs: nowMs, call, answer: { kind: 'lost', trouble, facts: { ...facts, status: null } } });
  const hand = (act: PlantAct, sight: Partial<Sight> = {}, tookMs = 0): void => {
    const fromMs = nowMs;
    nowMs += tookMs;
    const seen: Sight = { bolt: 'locked', door: 'closed', keypad: null, opened: null, ...sight };
    note({ kind: 'acted', atMs: nowMs, fromMs, act, sight: seen });
  };

  return {
    ask,
    answer,
    refuse,
    lose,
    ok,
    hand,
    /** Ms since the start. */
    now: () => nowMs - startMs,
    pass(ms: number) {
      nowMs += ms;
      note({ kind: 'passed', atMs: nowMs, ms });
    },
    /** Created, and accepted by the platform; `shown` is what it answers. */
    create: (grant: string, made: Made = {}, shown: Partial<GrantView> = { sync: 'pending' }) =>
      ok(createOf(grant, made), viewOf(grant, { window: made.window ?? always, uses: made.uses ?? null, ...shown })),
    change: (grant: string, change: Change, shown: Partial<GrantView> = { sync: 'pending' }) =>
      ok({ do: 'changeGrant', grant, change }, viewOf(grant, { ...(change.window && { window: change.window }), ...shown })),
    revoke: (grant: string, shown: Partial<GrantView> = { sync: 'pending' }) =>
      ok({ do: 'revokeGrant', grant }, viewOf(grant, { wish: 'revoked', ...shown })),
    read: (grant: string, shown: Partial<GrantView> = {}) => ok({ do: 'readGrant', grant }, viewOf(grant, shown)),
    present: (pin: string, signal: NonNullable<Sight['keypad']>, sight: Partial<Sight> = {}) =>
      hand({ act: 'present', pin }, { ...signals[signal], ...sight }, signal === 'accepted' ? 600 : 0),
    weather: (weather: Weather) => note({ kind: 'weather', atMs: nowMs, weather }),
    moved: (bolt: 'locked' | 'unlocked' | 'between') => note({ kind: 'moved', atMs: nowMs, motion: { atMs: nowMs, bolt } }),
    wired: (act: WireAct, sight: WireSight) => note({ kind: 'wired', atMs: nowMs, fromMs: nowMs, act, sight }),
    settled: () => note({ kind: 'settled', atMs: nowMs }),
    /** One reading of the feed. */
    feed(events: readonly EventView[], from: 'last' | 'start' = 'last', complete = true) {
      for (const event of events) note({ kind: 'heard', atMs: nowMs, as: 'owner', event, secretsSeen: [] });
      note({ kind: 'feed-end', atMs: nowMs, as: 'owner', from, complete });
    },
    /** What has been written so far, as a trace of its own. */
    trace: (): Trace => ({ header: { ...header, declaration }, entries: [...entries] }),
  };
}
