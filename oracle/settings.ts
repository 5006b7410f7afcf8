import type { Command } from '../contract/command.ts';
import type { OperationView } from '../contract/view.ts';
import type { Entry, Trace } from '../contract/trace.ts';
import { type Call, history } from './history.ts';

/** What the first lock may hold of one setting after an entry; never empty. */
export interface Held<T> {
  readonly entry: number;
  readonly atMs: number;
  readonly may: ReadonlySet<T>;
}

/** A request for a value of a setting and its end, as far as that was told. */
export interface SettingAsked<T> {
  readonly value: T;
  readonly askEntry: number;
  /** Where it was told how it ended, and whether the lock holds it; null where nothing was told. */
  readonly end: { readonly entry: number; readonly isSet: boolean } | null;
  /** Until when it may still be done, where nothing was told. */
  readonly untilMs: number;
}

/** The operation that an answer shows; null where it shows none. */
export const operationOf = ({ answer }: Call): OperationView | null =>
  answer?.kind === 'ok' && answer.value && 'cause' in answer.value ? answer.value : null;

const ended = (call: Call, id: string | undefined): boolean => {
  const view = operationOf(call);
  return view !== null && view.id === id && view.state !== 'pending';
};

/** Every request for a setting; `of` tells what a command asks for, undefined where it is about something else. */
export function settingsAsked<T>(trace: Trace, of: (command: Command) => T | undefined): readonly SettingAsked<T>[] {
  const { calls } = history(trace);
  const { operateMs, callMs } = trace.header.declaration.timing;
  return calls.flatMap((call): readonly SettingAsked<T>[] => {
    const value = of(call.command);
    if (value === undefined) return [];
    const base = { value, askEntry: call.askEntry, untilMs: call.askMs + callMs + operateMs };
    if (call.answer?.kind === 'refused') return [{ ...base, end: { entry: call.answerEntry, isSet: false } }];
    const id = operationOf(call)?.id;
    const told = calls.find((one) => one.askEntry >= call.askEntry && ended(one, id));
    const end = told ? { entry: told.answerEntry, isSet: operationOf(told)?.state === 'done' } : null;
    return [{ ...base, end }];
  });
}

/** What an entry leaves of a setting beside what is asked; `coming` are the values that are on their way. */
type Left<T> = (entry: Entry, base: ReadonlySet<T>, coming: ReadonlySet<T>) => ReadonlySet<T>;

/** What may be held over a trace, from what was asked and confirmed, never from what the platform shows. */
export function heldOver<T>(
  trace: Trace,
  asked: readonly SettingAsked<T>[],
  first: T,
  left: Left<T> = (_entry, base) => base,
): readonly Held<T>[] {
  const turns: Held<T>[] = [{ entry: -1, atMs: trace.header.startMs, may: new Set([first]) }];
  if (asked.length === 0) return turns;
  let base: ReadonlySet<T> = new Set([first]);
  let open: readonly SettingAsked<T>[] = [];
  trace.entries.forEach((entry, i) => {
    for (const one of open.filter(({ untilMs, end }) => end === null && untilMs < entry.atMs)) {
      base = new Set([...base, one.value]);
      open = open.filter((other) => other !== one);
    }
    const ending = open.find(({ end }) => end?.entry === i);
    if (ending) {
      open = open.filter((one) => one !== ending);
      if (ending.end?.isSet) base = new Set([ending.value]);
    }
    open = [...open, ...asked.filter(({ askEntry }) => askEntry === i)];
    const coming = new Set(open.map(({ value }) => value));
    base = left(entry, base, coming);
    const may = new Set([...base, ...coming]);
    if (!isSame(may, turns.at(-1)?.may)) turns.push({ entry: i, atMs: entry.atMs, may });
  });
  return turns;
}

/** Whether two sets hold the same. */
export const isSame = <T>(a: ReadonlySet<T>, b: ReadonlySet<T> | undefined): boolean =>
  b !== undefined && a.size === b.size && [...a].every((one) => b.has(one));
