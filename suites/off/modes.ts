import type { RefusalClass } from '../../contract/answer.ts';
import type { Actor } from '../../contract/command.ts';
import { type Declaration, has } from '../../contract/declaration.ts';
import type { Mode } from '../../contract/mode.ts';
import type { Finding, Trace, Verdict } from '../../contract/trace.ts';
import { boltDuring } from '../../oracle/bolt.ts';
import { type Call, history } from '../../oracle/history.ts';
import { modeDuring, shuts } from '../../oracle/mode.ts';
import { operationOf } from '../../oracle/settings.ts';
import { found } from '../all/words.ts';

/** What requirements of modes share. */

/** The modes beside `normal` that the lock is declared with. */
export const others = ({ modes }: Declaration): readonly Mode[] => modes.filter((mode) => mode !== 'normal');

/** Something that was asked of the lock and of which the end was told. */
export interface Told {
  readonly call: Call;
  /** `refused`: typed, by the platform or as cause of the operation. `astray`: it did not reach the lock, or met a trouble of another kind. */
  readonly end: 'done' | 'refused' | 'untyped' | 'astray';
  readonly toldMs: number;
  readonly toldEntry: number;
}

/** Refusals that say nothing of the lock. */
const aside: ReadonlySet<RefusalClass> = new Set([
  'rate',
  'network',
  'credential',
  'permission',
  'platform',
  'conflict',
  'unsupported',
]);

function endOf(call: Call, last: Call): Told['end'] {
  if (call.answer?.kind === 'refused') {
    const { class: about, code } = call.answer.reason;
    // What the driver itself cannot say never reached the lock.
    return aside.has(about) || code.startsWith('driver:') ? 'astray' : code === '' ? 'untyped' : 'refused';
  }
  const view = operationOf(last);
  if (view?.state === 'done') return 'done';
  if (view?.state !== 'failed') return 'astray';
  return view.cause === 'refused' ? 'refused' : view.cause === 'other' || view.cause === null ? 'untyped' : 'astray';
}

/** All that these asked of the first lock by these commands, as far as it came to an end that was told. */
export function toldOf(
  trace: Trace,
  names: readonly ('lock' | 'unlock' | 'setMode' | 'scheduleMode' | 'clearModes')[],
  by: readonly Actor[] = ['owner'],
): readonly Told[] {
  const { calls } = history(trace);
  return calls.flatMap((call): readonly Told[] => {
    const { command, as, answer } = call;
    if (!by.includes(as) || !('lock' in command) || command.lock !== 'door' || !names.some((name) => name === command.do))
      return [];
    const id = operationOf(call)?.id;
    const isEnd = (one: Call): boolean => {
      const view = operationOf(one);
      return one.askEntry >= call.askEntry && view !== null && view.id === id && view.state !== 'pending';
    };
    const last = answer?.kind === 'refused' ? call : calls.find(isEnd);
    if (!last) return [];
    return [{ call, end: endOf(call, last), toldMs: last.answerMs, toldEntry: last.answerEntry }];
  });
}

/**
 * Not testable where commands are answered before their end and nobody can follow them to it: then no mode is ever known to be
 * set. Null where ends are told.
 */
export function endless(trace: Trace): Verdict | null {
  if (has(trace.header.declaration, 'operations')) return null;
  const modesSet = history(trace).calls.filter(({ command, answer }) => command.do === 'setMode' && answer?.kind === 'ok');
  const isTold = modesSet.some((call) => operationOf(call)?.state !== 'pending');
  if (modesSet.length === 0 || isTold) return null;
  return { kind: 'not-testable', missing: 'the end of a command: it is answered before that, and operations cannot be followed' };
}

/** What a mode let happen or not, and what was wrong with that. */
export interface Weighing {
  readonly mode: Mode;
  readonly findings: readonly Finding[];
}

/** Every lock and unlock in a mode that is known for certain: done where the mode leaves it alone, refused where not. */
export const moves = (trace: Trace): readonly (Weighing & { readonly entry: number; readonly fromMs: number })[] =>
  toldOf(trace, ['lock', 'unlock'], ['owner', 'second']).flatMap((one) => {
    const mode = modeDuring(trace, one.call.askMs, one.toldEntry);
    if (mode === null || one.end === 'astray') return [];
    const weighed = shuts(trace, mode, 'remote') ? shutMove(trace, mode, one) : freeMove(mode, one);
    return weighed ? [{ ...weighed, entry: one.toldEntry, fromMs: one.call.askMs }] : [];
  });

function freeMove(mode: Mode, { call, end, toldEntry }: Told): Weighing | null {
  if (end === 'done') return { mode, findings: [] };
  // What failed for another reason is judged by others.
  if (end === 'untyped') return null;
  const why = `a command to ${call.command.do} was refused in the mode ${mode}`;
  return { mode, findings: [found(toldEntry, why, 'done: that mode leaves it alone')] };
}

function shutMove(trace: Trace, mode: Mode, one: Told): Weighing | null {
  const { call, end, toldEntry } = one;
  const to = call.command.do === 'lock' ? 'locked' : 'unlocked';
  // A bolt that is there already has nothing to refuse.
  const seen = boltDuring(trace, call.askMs, call.askMs);
  if (seen.has(to) || (seen.size === 0 && to === 'locked')) return null;
  const expected = 'refused as such, and the bolt stays where it is';
  const isMoved = movedBy(trace, to, one);
  if (end === 'done' || isMoved) {
    const what = isMoved ? 'moved the bolt' : 'was told as done';
    return { mode, findings: [found(toldEntry, `a command to ${call.command.do} ${what} in the mode ${mode}`, expected)] };
  }
  const why = `a command to ${call.command.do} failed in the mode ${mode}, and nobody was told why`;
  return { mode, findings: end === 'untyped' ? [found(toldEntry, why, expected)] : [] };
}

/** Whether the bolt came to a place between a command and its end, or right after it, before anything else was done. */
function movedBy(trace: Trace, to: 'locked' | 'unlocked', { call, toldMs }: Told): boolean {
  const { boltMs, autoRelockMs } = trace.header.declaration.timing;
  return trace.entries.some((entry, i) => {
    if (i < call.askEntry || entry.kind !== 'moved' || entry.motion.bolt !== to) return false;
    const { atMs } = entry.motion;
    if (atMs < call.askMs || atMs > toldMs + boltMs || isDoneBetween(trace, call.askEntry, i)) return false;
    const open = trace.entries.findLast((one, k) => k < i && one.kind === 'moved' && one.motion.bolt === 'unlocked');
    const byItself = to === 'locked' && autoRelockMs > 0 && open?.kind === 'moved' && atMs - open.motion.atMs >= autoRelockMs;
    return !byItself;
  });
}

/** Whether a hand or another command to the bolt began between two entries, so that a motion may be of that. */
function isDoneBetween(trace: Trace, from: number, to: number): boolean {
  const movedMs = trace.entries[to]?.atMs ?? 0;
  return trace.entries.some((entry, i) => {
    if (i <= from) return false;
    // A hand is recorded when all has come to rest, after the motions that it made.
    if (entry.kind === 'acted') return entry.fromMs <= movedMs && entry.atMs >= movedMs;
    return i < to && entry.kind === 'asked' && (entry.command.do === 'lock' || entry.command.do === 'unlock');
  });
}

/** Declared modes that could not be set, though nothing stood in the way. */
export const unset = (trace: Trace): readonly Finding[] =>
  toldOf(trace, ['setMode']).flatMap(({ call, end, toldMs, toldEntry }) => {
    const mode = call.command.do === 'setMode' ? call.command.mode : 'normal';
    if ((end !== 'refused' && end !== 'untyped') || !trace.header.declaration.modes.includes(mode)) return [];
    const seen = boltDuring(trace, call.askMs, toldMs);
    const isThrown = seen.size === 1 && seen.has('locked');
    if (mode === 'privacy' && !isThrown) return [];
    return [found(toldEntry, `the lock was not set to the mode ${mode}`, 'done: it is declared')];
  });

/** Declared modes that could not be set for a time, or not be taken away, though nothing stood in the way. */
export const unscheduled = (trace: Trace): readonly Finding[] =>
  toldOf(trace, ['scheduleMode', 'clearModes']).flatMap(({ call: { command }, end, toldEntry }) => {
    if (end !== 'refused' && end !== 'untyped') return [];
    if (command.do !== 'scheduleMode')
      return [found(toldEntry, 'the modes that are set for a time were not taken away', 'done: the ability is declared')];
    if (!trace.header.declaration.modes.includes(command.mode)) return [];
    return [found(toldEntry, `the lock was not set to the mode ${command.mode} for a time`, 'done: it is declared')];
  });

/** Privacy that was set though the bolt was drawn all the while. */
export const unbolted = (trace: Trace): readonly Finding[] =>
  toldOf(trace, ['setMode']).flatMap(({ call, end, toldMs, toldEntry }) => {
    const seen = boltDuring(trace, call.askMs, toldMs);
    const isDrawn = seen.size === 1 && seen.has('unlocked');
    if (call.command.do !== 'setMode' || call.command.mode !== 'privacy' || end !== 'done' || !isDrawn) return [];
    return [found(toldEntry, 'privacy was set while the bolt was drawn', 'refused: there is no privacy behind an open door')];
  });
