import type { Declaration } from '../contract/declaration.ts';
import type { Method } from '../contract/event.ts';
import type { Actor } from '../contract/command.ts';
import type { PinSymbol } from '../contract/grant.ts';
import type { Entry, Trace } from '../contract/trace.ts';
import { boltDuring } from './bolt.ts';
import { type ClockBounds, clockBounds } from './clock.ts';
import { type Call, type Heard, history } from './history.ts';
import { matching } from './matching.ts';
import { mayBeForgotten } from './memory.ts';
import { presentations } from './presentations.ts';
import { reach } from './reach.ts';

export type ActVerb = 'lock.locked' | 'lock.unlocked' | 'lock.denied';

/** Something that happened at the lock, by the evidence of the bench's own hands and sensors. */
export interface PhysicalAct {
  readonly entry: number;
  readonly fromMs: number;
  readonly atMs: number;
  readonly verb: ActVerb;
  readonly method: Method;
  readonly pin: PinSymbol | null;
  /** The only grant that can have opened, by name; null where several can, or none. */
  readonly grant: string | null;
  readonly actor: Actor | null;
  /** False where an honest lock may or may not make an event of it. */
  readonly certain: boolean;
  readonly offline: boolean;
  readonly clock: ClockBounds;
}

/** Acts and the events that tell of them. */
export interface Told {
  /** `due`: its own event had to be there by the last reading. */
  readonly pairs: readonly { readonly act: PhysicalAct; readonly heard: Heard; readonly due: boolean }[];
  /** Acts that had to make an event by the last reading, and did not. */
  readonly untold: readonly PhysicalAct[];
  /** Events of these verbs that no act explains. */
  readonly invented: readonly Heard[];
}

type Acted = Extract<Entry, { kind: 'acted' }> & { readonly entry: number };

/** What a hand was doing when the bolt came to rest. A code that was refused moves nothing. */
const handAt = (acted: readonly Acted[], atMs: number, i: number): Acted | undefined =>
  acted.find(
    ({ entry, fromMs, atMs: doneMs, act, sight }) =>
      entry > i &&
      fromMs <= atMs &&
      atMs <= doneMs &&
      (act.act === 'turn' || (act.act === 'present' && (sight.keypad === null || sight.keypad === 'accepted'))),
  );

const known = new WeakMap<Trace, Told>();

/** Matches what happened with what was told, each act with one event and each event with one act. */
export function told(trace: Trace): Told {
  const made = known.get(trace) ?? match(trace);
  known.set(trace, made);
  return made;
}

function physicalActs(trace: Trace): PhysicalAct[] {
  const acted = trace.entries.flatMap((entry, i): Acted[] => (entry.kind === 'acted' ? [{ ...entry, entry: i }] : []));
  const link = reach(trace);
  const clock = clockBounds(trace);
  const presented = new Map(presentations(trace).map((one) => [one.entry, one]));
  const shared = (atMs: number, entry: number) => ({ offline: link.downSince(atMs, entry) !== null, clock: clock(atMs) });
  const acts: PhysicalAct[] = [];
  trace.entries.forEach((entry, i) => {
    if (entry.kind === 'moved' && entry.motion.bolt !== 'between')
      acts.push(motionAct(trace, entry.motion.atMs, entry.motion.bolt, i, acted, shared));
  });
  const moved = new Set(acts.map((act) => act.entry));
  for (const one of acted) {
    const base = { entry: one.entry, fromMs: one.fromMs, atMs: one.atMs, actor: null, ...shared(one.atMs, one.entry) };
    const presentation = presented.get(one.entry);
    if (presentation?.decision === 'denied' || one.sight.keypad === 'locked-out') {
      const certain = presentation?.decision === 'denied';
      acts.push({ ...base, verb: 'lock.denied', method: 'pin', pin: presentation?.pin ?? null, grant: null, certain });
    } else if (!moved.has(one.entry) && (one.act.act === 'present' || one.act.act === 'turn')) {
      const verb = one.act.act === 'turn' && one.act.to === 'locked' ? 'lock.locked' : 'lock.unlocked';
      const method = one.act.act === 'turn' ? 'hand' : 'pin';
      acts.push({ ...base, verb, method, pin: presentation?.pin ?? null, grant: presentation?.opener ?? null, certain: false });
    }
  }
  return [...acts, ...idleMoves(trace, acted, shared)].toSorted((a, b) => a.fromMs - b.fromMs || a.entry - b.entry);
}

/** Until when what was asked for may be carried out, epoch ms: its time counts from when it was taken, at the latest from its answer. */
const lastMs = ({ askMs, answerMs }: Pick<Call, 'askMs' | 'answerMs'>, { callMs, operateMs }: Declaration['timing']): number =>
  Math.min(answerMs, askMs + callMs) + operateMs;

/** The command that may have brought the bolt there: the last one that asked for it, and not too long ago. */
const commandBehind = (trace: Trace, atMs: number, bolt: 'locked' | 'unlocked', i: number) =>
  history(trace).calls.findLast(
    (call) =>
      call.command.do === (bolt === 'locked' ? 'lock' : 'unlock') &&
      call.askEntry < i &&
      atMs <= lastMs(call, trace.header.declaration.timing),
  );

/** Commands to a bolt that was there already: some locks tell of the command, others of motions only. */
function idleMoves(
  trace: Trace,
  acted: readonly Acted[],
  shared: (atMs: number, entry: number) => Pick<PhysicalAct, 'offline' | 'clock'>,
): PhysicalAct[] {
  const { timing } = trace.header.declaration;
  return history(trace).calls.flatMap(({ command, as, answer, askMs, askEntry, answerMs }): PhysicalAct[] => {
    if ((command.do !== 'lock' && command.do !== 'unlock') || answer === null || answer.kind === 'refused') return [];
    const bolt = command.do === 'lock' ? 'locked' : 'unlocked';
    const seen = boltDuring(trace, askMs, askMs);
    const untilMs = lastMs({ askMs, answerMs }, timing);
    if (seen.size > 0 && !seen.has(bolt) && !isOvertaken(trace, acted, bolt, { askMs, untilMs })) return [];
    // What a hand or a later command brought about is no motion of this one.
    const isMoved = trace.entries.some(
      (entry, i) =>
        i > askEntry &&
        entry.kind === 'moved' &&
        entry.motion.bolt === bolt &&
        !handAt(acted, entry.motion.atMs, i) &&
        commandBehind(trace, entry.motion.atMs, bolt, i)?.askEntry === askEntry,
    );
    if (isMoved) return [];
    const base = { verb: `lock.${bolt}` as const, method: 'remote' as const, pin: null, grant: null, actor: as, certain: false };
    return [{ ...base, entry: askEntry, fromMs: askMs, atMs: untilMs, ...shared(askMs, askEntry) }];
  });
}

/** Whether a hand came while the bolt was on its way for a command, and it came to rest where both wanted it: a lock may tell of both. */
function isOvertaken(
  trace: Trace,
  acted: readonly Acted[],
  bolt: 'locked' | 'unlocked',
  { askMs, untilMs }: { readonly askMs: number; readonly untilMs: number },
): boolean {
  return trace.entries.some((entry, i) => {
    if (entry.kind !== 'moved' || entry.motion.bolt !== bolt || entry.motion.atMs < askMs || entry.motion.atMs > untilMs)
      return false;
    const by = handAt(acted, entry.motion.atMs, i);
    const began = trace.entries.findLast((one, k) => k < i && one.kind === 'moved');
    return by !== undefined && began?.kind === 'moved' && began.motion.atMs >= askMs && began.motion.atMs < by.fromMs;
  });
}

function motionAct(
  trace: Trace,
  atMs: number,
  bolt: 'locked' | 'unlocked',
  i: number,
  acted: readonly Acted[],
  shared: (atMs: number, entry: number) => { offline: boolean; clock: ClockBounds },
): PhysicalAct {
  const verb: ActVerb = bolt === 'locked' ? 'lock.locked' : 'lock.unlocked';
  const by = handAt(acted, atMs, i);
  const base = { verb, atMs, pin: null, grant: null, actor: null, certain: reach(trace).poweredAt(atMs), ...shared(atMs, i) };
  if (by?.act.act === 'present' && bolt === 'unlocked') {
    const presented = presentations(trace).find((one) => one.entry === by.entry);
    return { ...base, entry: by.entry, fromMs: by.fromMs, method: 'pin', pin: by.act.pin, grant: presented?.opener ?? null };
  }
  if (by?.act.act === 'turn' && by.act.to === bolt) return { ...base, entry: by.entry, fromMs: by.fromMs, method: 'hand' };
  const remote = commandBehind(trace, atMs, bolt, i);
  const fromMs = atMs - trace.header.declaration.timing.boltMs;
  if (remote && bolt === 'locked' && mayRelock(trace, i, atMs)) return { ...base, entry: i, fromMs, method: 'unknown' };
  if (remote) return { ...base, entry: i, fromMs, method: 'remote', actor: remote.as };
  return { ...base, entry: i, fromMs, method: bolt === 'locked' ? 'auto' : 'unknown' };
}

/** Whether the lock may have thrown its bolt by itself at a moment, whoever asked for it too. */
function mayRelock(trace: Trace, i: number, atMs: number): boolean {
  const { autoRelockMs } = trace.header.declaration.timing;
  const open = trace.entries.findLast((entry, k) => k < i && entry.kind === 'moved' && entry.motion.bolt === 'unlocked');
  const by = trace.entries.findLast((entry, k) => k < i && entry.kind === 'asked' && entry.command.do === 'unlock');
  const statedMs = by?.kind === 'asked' && by.command.do === 'unlock' ? by.command.forMs : undefined;
  const afterMs = statedMs === undefined ? autoRelockMs : Math.min(autoRelockMs || Infinity, statedMs);
  return afterMs > 0 && open?.kind === 'moved' && atMs - open.motion.atMs >= afterMs;
}

const verbs: readonly string[] = ['lock.locked', 'lock.unlocked', 'lock.denied'] satisfies readonly ActVerb[];

function match(trace: Trace): Told {
  const { declaration } = trace.header;
  const acts = physicalActs(trace);
  const heard = history(trace).events.filter(({ event }) => verbs.includes(event.verb) && event.about === null);
  const fits = (act: PhysicalAct): readonly Heard[] => heard.filter((one) => tells(one, act, declaration.timing.eventMs));
  // What a gap covers may have left no event: it takes none from what must have.
  const lost = new Set(acts.filter(({ fromMs, atMs }) => inGap(trace, { fromMs, toMs: atMs })));
  const partner = new Map(
    pairUp(
      acts.toSorted((a, b) => Number(lost.has(a)) - Number(lost.has(b))),
      fits,
      history(trace).grantIds,
    ),
  );
  const pairs = [...partner]
    .map(([act, event]) => ({ act, heard: event, due: isDue(trace, act) }))
    .toSorted((a, b) => a.act.fromMs - b.act.fromMs);
  const free = heard.filter((one) => ![...partner.values()].includes(one));
  const untold: PhysicalAct[] = [];
  const missed = acts.filter((act) => act.certain && !partner.has(act));
  for (const act of missed) if (isDue(trace, act) && declaration.events.includes(act.verb) && !lost.has(act)) untold.push(act);
  return {
    pairs,
    untold,
    invented: free.filter(({ event }) => (event.deviceMs ?? event.platformMs) >= trace.header.startMs),
  };
}

/**
 * Acts close together in time fit the same events. First those that say the same; then what must be told takes what else
 * there is; what may be told takes what is left over.
 */
function pairUp(
  acts: readonly PhysicalAct[],
  fits: (act: PhysicalAct) => readonly Heard[],
  ids: ReadonlyMap<string, string>,
): readonly (readonly [PhysicalAct, Heard])[] {
  const pairs = matching<PhysicalAct, Heard>();
  const [must, may] = [acts.filter((act) => act.certain), acts.filter((act) => !act.certain)];
  const alike = (act: PhysicalAct): readonly Heard[] =>
    fits(act).filter(
      ({ event }) =>
        // What may have come about in several ways is told in any of them.
        (act.method === 'unknown' || event.method === act.method) &&
        (act.grant === null || event.grant === (ids.get(act.grant) ?? null)),
    );
  const open = new Set([...must, ...may].filter((act) => !pairs.join(act, alike(act))));
  for (const act of must) if (open.has(act) && pairs.join(act, fits(act))) open.delete(act);
  for (const act of may) if (open.has(act)) pairs.takeFree(act, fits(act));
  return pairs.pairs();
}

/** Whether an event can be the report of an act: same verb, and a time that the lock's clock can have shown. */
function tells({ event }: Heard, act: PhysicalAct, eventMs: number): boolean {
  if (event.verb !== act.verb) return false;
  if (act.clock.known !== 'yes' || event.deviceMs === null)
    return event.platformMs >= act.fromMs - 1_000 && (act.offline || event.platformMs <= act.atMs + 2 * eventMs + 3_600_000);
  return event.deviceMs >= act.fromMs + act.clock.loMs - 1_000 && event.deviceMs <= act.atMs + act.clock.hiMs + 1_000;
}

/** Whether the last complete reading came late enough after the act, with the lock in reach, that the event must be in it. */
function isDue(trace: Trace, act: PhysicalAct): boolean {
  const { timing } = trace.header.declaration;
  const last = history(trace).readings.findLast((reading) => reading.as === 'owner' && reading.complete);
  const up = last ? reach(trace).upSince(last.endMs) : null;
  if (!last || up === null) return false;
  return last.endMs - Math.max(act.atMs, up) >= timing.eventMs + (up > act.atMs ? timing.reconnectMs : 0);
}

/**
 * Whether what happened between two instants, true time, may have left no event: a gap that was told covers it, or it was forgotten
 * where no gap can be told.
 */
export const inGap = (trace: Trace, { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): boolean =>
  mayBeForgotten(trace, fromMs) ||
  history(trace).events.some(
    ({ event: { gap } }) =>
      gap !== null &&
      gap.fromMs + clockBounds(trace)(toMs).loMs - 1_000 <= toMs &&
      fromMs <= gap.toMs + clockBounds(trace)(toMs).hiMs + 1_000,
  );
