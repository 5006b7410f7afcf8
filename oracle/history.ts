import type { EventView } from '../contract/event.ts';
import type { Answer } from '../contract/answer.ts';
import type { Actor, Command, CommandName, CommandOf } from '../contract/command.ts';
import type { GrantView, LockView, Results } from '../contract/view.ts';
import type { Trace } from '../contract/trace.ts';

/** One command and what came back; `answer` is null where the run ended before. */
export interface Call<C extends Command = Command> {
  readonly as: Actor;
  readonly command: C;
  readonly askEntry: number;
  readonly askMs: number;
  readonly answer: Answer<Results[C['do']]> | null;
  readonly answerEntry: number;
  readonly answerMs: number;
}

/** One reading of the event feed to its end. */
export interface Reading {
  readonly as: Actor;
  readonly from: 'last' | 'start';
  readonly complete: boolean;
  readonly events: readonly Heard[];
  readonly endEntry: number;
  readonly endMs: number;
}
export interface Heard {
  readonly entry: number;
  readonly atMs: number;
  readonly event: EventView;
}

/** A view of something, and when it was asked for and answered. */
export interface Sighted<V> {
  readonly view: V;
  readonly call: Call;
}

/** A trace, indexed: what judges and the oracle ask of it again and again. */
export interface History {
  readonly trace: Trace;
  readonly calls: readonly Call[];
  readonly readings: readonly Reading[];
  /** Events in the order they were first heard by `owner`, each id once. */
  readonly events: readonly Heard[];
  /** Grants that a create answered for, by name. */
  readonly grantIds: ReadonlyMap<string, string>;
  readonly userIds: ReadonlyMap<string, string>;
  readonly nameOf: ReadonlyMap<string, string>;
  readonly grantViews: readonly Sighted<GrantView>[];
  readonly lockViews: readonly Sighted<LockView>[];
}

const known = new WeakMap<Trace, History>();

/** The history of a trace; made once for each trace. */
export function history(trace: Trace): History {
  const made = known.get(trace) ?? index(trace);
  known.set(trace, made);
  return made;
}

/** The calls with one command, typed. */
export const callsOf = <N extends CommandName>(past: History, name: N): readonly Call<CommandOf<N>>[] =>
  past.calls.filter((call): call is Call<CommandOf<N>> => call.command.do === name);

function index(trace: Trace): History {
  const calls = pairCalls(trace);
  const readings = readingsOf(trace);
  const grantIds = new Map<string, string>();
  const userIds = new Map<string, string>();
  const nameOf = new Map<string, string>();
  const grantViews: Sighted<GrantView>[] = [];
  const lockViews: Sighted<LockView>[] = [];
  for (const call of calls) {
    if (call.answer?.kind !== 'ok') continue;
    const { command } = call;
    const value = call.answer.value;
    if (command.do === 'createGrant' || command.do === 'addUser') {
      const id = value && 'id' in value ? value.id : '';
      const name = command.do === 'createGrant' ? command.grant : command.user;
      (command.do === 'createGrant' ? grantIds : userIds).set(name, id);
      nameOf.set(id, name);
    }
    for (const item of itemsOf(value)) {
      if ('wish' in item) grantViews.push({ view: item, call });
      if ('bolt' in item) lockViews.push({ view: item, call });
    }
  }
  const heard = new Map<string, Heard>();
  for (const reading of readings)
    if (reading.as === 'owner') for (const one of reading.events) if (!heard.has(one.event.id)) heard.set(one.event.id, one);
  return { trace, calls, readings, events: [...heard.values()], grantIds, userIds, nameOf, grantViews, lockViews };
}

const itemsOf = (value: Results[CommandName]): readonly (GrantView | LockView | { id: string })[] => {
  if (value === null) return [];
  if ('items' in value) return value.items;
  return 'id' in value ? [value] : [];
};

function pairCalls(trace: Trace): Call[] {
  const byNumber = new Map<number, Call>();
  trace.entries.forEach((entry, i) => {
    if (entry.kind === 'asked') {
      const { as, command } = entry;
      const never = { answer: null, answerEntry: trace.entries.length, answerMs: Number.POSITIVE_INFINITY };
      byNumber.set(entry.call, { as, command, askEntry: i, askMs: entry.atMs, ...never });
    } else if (entry.kind === 'answered') {
      const asked = byNumber.get(entry.call);
      if (asked) byNumber.set(entry.call, { ...asked, answer: entry.answer, answerEntry: i, answerMs: entry.atMs });
    }
  });
  return [...byNumber.values()];
}

function readingsOf(trace: Trace): Reading[] {
  const readings: Reading[] = [];
  const open = new Map<Actor, Heard[]>();
  trace.entries.forEach((entry, i) => {
    if (entry.kind === 'heard') {
      const heard = open.get(entry.as) ?? [];
      heard.push({ entry: i, atMs: entry.atMs, event: entry.event });
      open.set(entry.as, heard);
    } else if (entry.kind === 'feed-end') {
      const { as, from, complete, atMs } = entry;
      readings.push({ as, from, complete, events: open.get(as) ?? [], endEntry: i, endMs: atMs });
      open.delete(as);
    }
  });
  return readings;
}
