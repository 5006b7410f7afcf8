import type { Mode, OperationView } from '../contract/lock.ts';
import type { Entry, Trace } from '../contract/trace.ts';
import { type Call, history } from './history.ts';
import { reach } from './reach.ts';

/** The modes that the lock may be in after an entry; never empty. */
export interface ModeTurn {
  readonly entry: number;
  readonly atMs: number;
  readonly may: ReadonlySet<Mode>;
}

/** How somebody tries to move the bolt: by a code as this bench presents it, or by lock and unlock. */
export type Way = 'code' | 'remote';

const shut: Readonly<Record<'keypad' | 'remote', readonly Mode[]>> = {
  keypad: ['vacation', 'privacy'],
  remote: ['privacy', 'no-remote'],
};

/** Whether a mode switches that off. A code that is presented by a command over the network is a remote one. */
export const shuts = (trace: Trace, mode: Mode, way: Way): boolean =>
  shut[way === 'code' && !trace.header.told?.includes('keypad') ? 'keypad' : 'remote'].includes(mode);

const known = new WeakMap<Trace, readonly ModeTurn[]>();

/** The modes over a trace, from what was asked and confirmed, never from what the platform shows. It begins in `normal`. */
export function modeTurns(trace: Trace): readonly ModeTurn[] {
  const made = known.get(trace) ?? follow(trace);
  known.set(trace, made);
  return made;
}

/** The modes that the lock may have been in from a moment to an entry. */
export function modesDuring(trace: Trace, fromMs: number, toEntry: number): ReadonlySet<Mode> {
  const until = modeTurns(trace).filter(({ entry }) => entry < toEntry);
  const first = until.findLastIndex(({ atMs }) => atMs <= fromMs);
  return new Set(until.slice(Math.max(0, first)).flatMap(({ may }) => [...may]));
}

/** The only mode that the lock can have been in; null where it may have been another. */
export function modeDuring(trace: Trace, fromMs: number, toEntry: number): Mode | null {
  const [mode, other] = modesDuring(trace, fromMs, toEntry);
  return other === undefined ? (mode ?? null) : null;
}

/** The operation that an answer shows; null where it shows none. */
export const operationOf = ({ answer }: Call): OperationView | null =>
  answer?.kind === 'ok' && answer.value && 'cause' in answer.value ? answer.value : null;

/** A request for a mode and its end, as far as that was told. */
interface Asked {
  readonly mode: Mode;
  readonly askEntry: number;
  /** Where it was told how it ended, and whether the lock is in that mode; null where nothing was told. */
  readonly end: { readonly entry: number; readonly isSet: boolean } | null;
  /** Until when it may still be done, where nothing was told. */
  readonly untilMs: number;
}

function asks(trace: Trace): readonly Asked[] {
  const { calls } = history(trace);
  const { operateMs, callMs } = trace.header.declaration.timing;
  return calls.flatMap((call): readonly Asked[] => {
    if (call.command.do !== 'setMode' || call.command.lock !== 'door') return [];
    const base = { mode: call.command.mode, askEntry: call.askEntry, untilMs: call.askMs + callMs + operateMs };
    if (call.answer?.kind === 'refused') return [{ ...base, end: { entry: call.answerEntry, isSet: false } }];
    const id = operationOf(call)?.id;
    const told = calls.find((one) => one.askEntry >= call.askEntry && ended(one, id));
    const end = told ? { entry: told.answerEntry, isSet: operationOf(told)?.state === 'done' } : null;
    return [{ ...base, end }];
  });
}

const ended = (call: Call, id: string | undefined): boolean => {
  const view = operationOf(call);
  return view !== null && view.id === id && view.state !== 'pending';
};

function follow(trace: Trace): readonly ModeTurn[] {
  const all = asks(trace);
  const turns: ModeTurn[] = [{ entry: -1, atMs: trace.header.startMs, may: new Set(['normal']) }];
  if (all.length === 0) return turns;
  let base: ReadonlySet<Mode> = new Set(['normal']);
  let open: readonly Asked[] = [];
  trace.entries.forEach((entry, i) => {
    for (const one of open.filter(({ untilMs, end }) => end === null && untilMs < entry.atMs)) {
      base = new Set([...base, one.mode]);
      open = open.filter((other) => other !== one);
    }
    const ending = open.find(({ end }) => end?.entry === i);
    if (ending) {
      open = open.filter((one) => one !== ending);
      if (ending.end?.isSet) base = new Set([ending.mode]);
    }
    open = [...open, ...all.filter(({ askEntry }) => askEntry === i)];
    base = afterHand(
      trace,
      entry,
      base,
      open.some(({ mode }) => mode === 'privacy'),
    );
    const may = new Set([...base, ...open.map(({ mode }) => mode)]);
    if ([...may].join() !== [...(turns.at(-1)?.may ?? [])].join()) turns.push({ entry: i, atMs: entry.atMs, may });
  });
  return turns;
}

/** What hands and power leave of privacy: it ends with a bolt that is drawn, at once where the lock has power to notice. */
function afterHand(trace: Trace, entry: Entry, base: ReadonlySet<Mode>, isComing: boolean): ReadonlySet<Mode> {
  if (entry.kind !== 'acted' || (!base.has('privacy') && !isComing)) return base;
  const { act, sight } = entry;
  const isFailSafe = act.act === 'power' && trace.header.declaration.safety.failMode === 'safe';
  if (act.act !== 'turn' && !isFailSafe) return base;
  const isOver = act.act === 'turn' && sight.bolt === 'unlocked' && reach(trace).poweredAt(entry.atMs);
  const kept = isOver ? [...base].filter((mode) => mode !== 'privacy') : [...base];
  return new Set([...kept, 'normal']);
}
