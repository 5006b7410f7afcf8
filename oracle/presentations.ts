import type { PinSymbol, Terms } from '../contract/grant.ts';
import type { Entry, Trace } from '../contract/trace.ts';
import { type Belief, beliefAt, beliefs, type GrantStory } from './belief.ts';
import { type ClockBounds, clockBounds } from './clock.ts';
import { lastsFrom, type Use } from './lasting.ts';
import { modesDuring, shuts } from './mode.ts';
import { type Permit, permits } from './permit.ts';
import { reach } from './reach.ts';

/** What the lock decided; `unclear` where power, lockout or missing sensors hide it. */
export type Decision = 'granted' | 'denied' | 'unclear';

/** Why nothing allows an opening, most telling first. */
export type Cause =
  | 'revoked' // a grant that allowed it was taken away, and the lock confirmed that
  | 'narrowed' // the same for a suspension, another PIN, a shorter window, a lower count
  | 'mode' // the lock is in a mode that switches codes off
  | 'window' // the code is there, its time is not
  | 'used-up'
  | 'expired' // the time is over that began with its first use
  | 'refused' // its creation was refused
  | 'erased' // removed at the lock itself
  | 'never'; // nobody ever granted it

/** One presentation, and what may be true of it. */
export interface Presentation {
  readonly entry: number;
  readonly beganMs: number;
  readonly atMs: number;
  readonly pin: PinSymbol;
  readonly decision: Decision;
  /** What an honest lock does: `open` or `deny` for certain, or `either`. */
  readonly must: 'open' | 'deny' | 'either';
  /** When must is `deny`. */
  readonly cause: Cause | null;
  /** The grant that it is about: the one that must open, or whose loss is the cause. */
  readonly grant: string | null;
  /** The same, null where another one can have opened, too. */
  readonly opener: string | null;
  readonly terms: Terms | null;
  readonly clock: ClockBounds;
  /** The lock could not be reached by the platform. */
  readonly offline: boolean;
  /** Within one declared tolerance of an edge of its window. */
  readonly nearEdge: boolean;
}

const known = new WeakMap<Trace, readonly Presentation[]>();

/** Every presentation of a trace, explained by what may be true: house.md section 7. */
export function presentations(trace: Trace): readonly Presentation[] {
  const made = known.get(trace) ?? explainAll(trace);
  known.set(trace, made);
  return made;
}

type Act = Extract<Entry, { kind: 'acted' }>;

interface Walk {
  readonly trace: Trace;
  readonly stories: ReadonlyMap<string, GrantStory>;
  /** How often each grant has opened so far, by name: at least and at most. */
  readonly opened: Map<string, { readonly least: number; readonly most: number }>;
  /** What has, or may have, opened by each grant so far, by name. */
  readonly uses: Map<string, readonly Use[]>;
  /** Codes that a hand set at the lock: surely there, or perhaps. */
  readonly byHand: Map<PinSymbol, 'yes' | 'maybe' | 'erased'>;
  wrongInRow: number;
  lockedUntilMs: number;
  /** Since when the lock is without power; null while it has it. */
  offMs: number | null;
}

function explainAll(trace: Trace): Presentation[] {
  const walk: Walk = {
    trace,
    stories: beliefs(trace),
    opened: new Map(),
    uses: new Map(),
    byHand: new Map(),
    wrongInRow: 0,
    lockedUntilMs: -Infinity,
    offMs: null,
  };
  const found: Presentation[] = [];
  trace.entries.forEach((entry, i) => {
    if (entry.kind !== 'acted') return;
    if (entry.act.act === 'enrol') walk.byHand.set(entry.act.pin, entry.sight.keypad === 'accepted' ? 'yes' : 'maybe');
    if (entry.act.act === 'erase') walk.byHand.set(entry.act.pin, entry.sight.keypad === 'accepted' ? 'erased' : 'maybe');
    if (entry.act.act === 'power') supply(walk, entry.act.on, entry.atMs);
    if (entry.act.act === 'present') found.push(explain(walk, entry, i, entry.act.pin));
  });
  return found;
}

/** What is left of a lockout may wait for the power. */
function supply(walk: Walk, isOn: boolean, atMs: number): void {
  if (isOn && walk.offMs !== null && walk.lockedUntilMs > walk.offMs) walk.lockedUntilMs += atMs - walk.offMs;
  walk.offMs = isOn ? null : (walk.offMs ?? atMs);
}

function explain(walk: Walk, entry: Act, i: number, pin: PinSymbol): Presentation {
  const { declaration } = walk.trace.header;
  const clock = clockBounds(walk.trace)(entry.atMs);
  const decision = decisionOf(entry);
  const base = { entry: i, beganMs: entry.fromMs, atMs: entry.atMs, pin, decision, clock };
  const shared = { ...base, offline: reach(walk.trace).downSince(entry.atMs, i) !== null };
  const candidates = [...walk.stories.values()].map((story) => weigh(walk, story, entry, i, pin, clock));
  const free = decide(walk, candidates, pin, entry, declaration.limits.wrongCodes > 0);
  const verdict = inMode(walk.trace, entry, i, free);
  remember(walk, decision, candidates, entry.atMs);
  noteUse(walk, decision, candidates, { entry, i, pin, clock });
  return { ...shared, ...verdict };
}

function decisionOf({ sight }: Act): Decision {
  if (sight.keypad === 'accepted' || sight.opened === true) return 'granted';
  if (sight.keypad === 'denied') return 'denied';
  if (sight.keypad === null && sight.opened === false && sight.bolt === 'locked') return 'denied';
  return 'unclear';
}

interface Candidate {
  readonly story: GrantStory;
  /** Over all states that the lock may hold: whether one may permit, and whether all surely do. */
  readonly may: Permit[];
  readonly belief: Belief | undefined;
  readonly terms: Terms | null;
  /** Terms that it once had, would open now, and has surely lost. */
  readonly lost: Terms | null;
  readonly usedUp: boolean;
  readonly expired: boolean;
}

function weigh(walk: Walk, story: GrantStory, entry: Act, i: number, pin: PinSymbol, clock: ClockBounds): Candidate {
  const { declaration } = walk.trace.header;
  const belief = beliefAt(story, i);
  const judge = (terms: Terms): Permit => {
    if (terms.pin !== pin) return 'no';
    const byTime = permits(terms, entry.fromMs, entry.atMs, clock, declaration);
    const left = usesLeft(walk, story, terms);
    const lasting = lastingAt(walk, story, terms, entry, i, clock);
    if (byTime === 'no' || left === 'none' || lasting === 'no') return 'no';
    return left === 'maybe' || lasting === 'edge' ? 'edge' : byTime;
  };
  const held = belief?.device ?? ['absent'];
  const may = held.map((one): Permit => (one === 'absent' ? 'no' : judge(one)));
  const mine = held.find((one): one is Terms => one !== 'absent' && one.pin === pin);
  const before = story.beliefs.filter((one) => one.entry < i).flatMap((one) => one.device);
  const lost = may.every((one) => one === 'no')
    ? before.find((one): one is Terms => one !== 'absent' && permitsBut(one, pin, entry, i, clock, walk, story))
    : undefined;
  const usedUp = mine !== undefined && usesLeft(walk, story, mine) === 'none';
  const expired = mine !== undefined && lastingAt(walk, story, mine, entry, i, clock) === 'no';
  return { story, may, belief, terms: mine ?? null, lost: lost ?? null, usedUp, expired };
}

function permitsBut(
  terms: Terms,
  pin: PinSymbol,
  entry: Act,
  i: number,
  clock: ClockBounds,
  walk: Walk,
  story: GrantStory,
): boolean {
  if (terms.pin !== pin || usesLeft(walk, story, terms) === 'none') return false;
  if (permits(terms, entry.fromMs, entry.atMs, clock, walk.trace.header.declaration) !== 'yes') return false;
  return lastingAt(walk, story, terms, entry, i, clock) !== 'no';
}

/** Whether the time that began with a grant's first use still runs. */
function lastingAt(walk: Walk, story: GrantStory, { lastsMs, pin }: Terms, entry: Act, i: number, clock: ClockBounds): Permit {
  if (lastsMs === undefined) return 'yes';
  const all = walk.uses.get(story.name) ?? [];
  const replaced = walk.trace.entries.findLastIndex(
    (one, k) => k < i && one.kind === 'asked' && one.command.do === 'replaceLock',
  );
  const since = all.filter((use) => use.entry > replaced);
  return lastsFrom(lastsMs, [all, all.filter((use) => use.pin === pin), since], {
    beganMs: entry.fromMs,
    atMs: entry.atMs,
    clock,
  });
}

/** By which grants this may have been a use; an opening that a hand's code or another grant allows too is a use of none for certain. */
function noteUse(
  walk: Walk,
  decision: Decision,
  candidates: readonly Candidate[],
  { entry, i, pin, clock }: { readonly entry: Act; readonly i: number; readonly pin: PinSymbol; readonly clock: ClockBounds },
): void {
  if (decision === 'denied') return;
  const able = candidates.filter((one) => one.may.some((permit) => permit !== 'no'));
  const hand = walk.byHand.get(pin);
  const isOnly = able.length === 1 && hand !== 'yes' && hand !== 'maybe';
  const isSure = isOnly && decision === 'granted' && entry.sight.opened !== false;
  const use: Use = { entry: i, fromMs: entry.fromMs, toMs: entry.atMs, pin, isSure, clock };
  for (const { story } of able) walk.uses.set(story.name, [...(walk.uses.get(story.name) ?? []), use]);
}

/** Openings by this grant so far, against its count. A count that was changed meanwhile may or may not have begun anew. */
function usesLeft(walk: Walk, story: GrantStory, terms: Terms): 'some' | 'none' | 'maybe' {
  if (terms.uses === null) return 'some';
  if (new Set(story.ever.map(({ uses }) => uses)).size > 1) return 'maybe';
  const { least, most } = walk.opened.get(story.name) ?? { least: 0, most: 0 };
  if (most < terms.uses) return 'some';
  return least >= terms.uses ? 'none' : 'maybe';
}

function decide(
  walk: Walk,
  candidates: readonly Candidate[],
  pin: PinSymbol,
  entry: Act,
  locksOut: boolean,
): Pick<Presentation, 'grant' | 'opener' | 'terms' | 'must' | 'cause' | 'nearEdge'> {
  const hand = walk.byHand.get(pin);
  const able = candidates.filter((one) => one.may.some((permit) => permit !== 'no'));
  const [could] = able;
  const surely = candidates.find((one) => one.may.length > 0 && one.may.every((permit) => permit === 'yes'));
  const about = surely ?? could ?? candidates.find((one) => one.lost) ?? candidates.find((one) => one.terms);
  const grant = about?.story.name ?? null;
  const mayBeHand = hand === 'yes' || hand === 'maybe';
  const named = { grant, opener: mayBeHand || able.length > 1 ? null : grant, terms: about?.terms ?? about?.lost ?? null };
  const nearEdge = candidates.some((one) => one.may.includes('edge'));
  const { batteryDeadPercent } = walk.trace.header.declaration.safety;
  const excused = (locksOut && entry.atMs < walk.lockedUntilMs) || batteryAt(walk.trace, entry) <= batteryDeadPercent;
  if (surely || hand === 'yes') return { ...named, must: excused ? 'either' : 'open', cause: null, nearEdge };
  if (could || hand === 'maybe') return { ...named, must: 'either', cause: null, nearEdge };
  return { ...named, must: 'deny', cause: causeOf(candidates, hand, walk, pin), nearEdge };
}

/** The same in the modes that the lock may be in. */
function inMode(trace: Trace, entry: Act, i: number, free: ReturnType<typeof decide>): ReturnType<typeof decide> {
  const may = [...modesDuring(trace, entry.fromMs, i)];
  const off = may.filter((mode) => shuts(trace, mode, 'code')).length;
  if (off === 0 || free.must === 'deny') return free;
  return off < may.length ? { ...free, must: 'either' } : { ...free, must: 'deny', cause: 'mode' };
}

function causeOf(
  candidates: readonly Candidate[],
  hand: 'erased' | undefined | 'yes' | 'maybe',
  walk: Walk,
  pin: PinSymbol,
): Cause {
  const lost = candidates.find((one) => one.lost !== null);
  if (lost) return lost.belief?.device.every((held) => held === 'absent') ? 'revoked' : 'narrowed';
  if (candidates.some((one) => one.usedUp)) return 'used-up';
  if (candidates.some((one) => one.expired)) return 'expired';
  if (candidates.some((one) => one.terms)) return 'window';
  if (hand === 'erased') return 'erased';
  const refused = walk.trace.entries.some(
    (entry) => entry.kind === 'asked' && entry.command.do === 'createGrant' && entry.command.pin === pin,
  );
  return refused ? 'refused' : 'never';
}

function batteryAt(trace: Trace, before: Act): number {
  let percent = 100;
  for (const entry of trace.entries) {
    if (entry === before) break;
    if (entry.kind === 'acted' && entry.act.act === 'battery') percent = entry.act.percent;
  }
  return percent;
}

function remember(walk: Walk, decision: Decision, candidates: readonly Candidate[], atMs: number): void {
  const { wrongCodes, lockoutMs } = walk.trace.header.declaration.limits;
  if (decision === 'granted') {
    walk.wrongInRow = 0;
    const able = candidates.filter((one) => one.may.some((permit) => permit !== 'no'));
    for (const { story } of able) {
      const { least, most } = walk.opened.get(story.name) ?? { least: 0, most: 0 };
      walk.opened.set(story.name, { least: able.length === 1 ? least + 1 : least, most: most + 1 });
    }
  } else {
    walk.wrongInRow += 1;
    // The lock may count a decision that the sensors left unclear.
    if (wrongCodes > 0 && walk.wrongInRow >= wrongCodes) walk.lockedUntilMs = atMs + lockoutMs + 2_000;
  }
}
