/** What a command does to a state. */
export type Effect<S> = (state: S) => S;

/** Most commands whose effects are still to come; beyond, the oldest has happened by now or never will. */
const maxOpen = 6;

/** The states that something can be in when commands change it one after the other, in an order that nobody sees. */
export interface Serial<S> {
  /** Never empty; each once. */
  states(): readonly S[];
  /** A command was sent: from now on it may take effect, once. `no` is unlike all others. */
  begin(no: number, effect: Effect<S>): void;
  /** It was accepted: it has taken effect. */
  accept(no: number): void;
  /** Nobody knows whether it took effect; until `lateMs` it still may. */
  lose(no: number, lateMs: number): void;
  /** Time has come to `nowMs`: what was late by then comes no more. */
  reach(nowMs: number): void;
  /** Only such states are possible; false, and no change, where none is. */
  narrow(fits: (state: S) => boolean): boolean;
  /** These are possible as well. */
  widen(states: readonly S[]): void;
}

interface Open<S> {
  readonly no: number;
  readonly effect: Effect<S>;
  /** Until when it can take effect. */
  readonly untilMs: number;
}
/** A state and the open commands that have taken effect in it. */
interface Path<S> {
  readonly state: S;
  readonly done: readonly number[];
}

/** Begins in one state. States are compared by their JSON. */
export function serial<S>(start: S): Serial<S> {
  let paths: readonly Path<S>[] = [{ state: start, done: [] }];
  let open: readonly Open<S>[] = [];

  /** Each path once, and every order in which what is open may go on. */
  const spread = (from: readonly Path<S>[]): void => {
    const found = new Map<string, Path<S>>();
    const queue = [...from];
    for (let path = queue.pop(); path; path = queue.pop()) {
      const { state, done } = path;
      const key = JSON.stringify([state, done]);
      if (found.has(key)) continue;
      found.set(key, path);
      for (const { no, effect } of open)
        if (!done.includes(no)) queue.push({ state: effect(state), done: [...done, no].toSorted((a, b) => a - b) });
    }
    paths = [...found.values()];
  };
  /** A command is no longer open: on these paths it is over. */
  const close = (no: number, from: readonly Path<S>[]): void => {
    open = open.filter((one) => one.no !== no);
    spread(from.map(({ state, done }) => ({ state, done: done.filter((one) => one !== no) })));
  };

  return {
    states: () => [...new Map(paths.map(({ state }) => [JSON.stringify(state), state])).values()],
    begin(no, effect) {
      const [oldest] = open;
      if (open.length >= maxOpen && oldest) close(oldest.no, paths);
      open = [...open, { no, effect, untilMs: Infinity }];
      spread(paths);
    },
    accept(no) {
      const done = paths.filter((path) => path.done.includes(no));
      close(no, done.length > 0 ? done : paths);
    },
    lose(no, lateMs) {
      open = open.map((one) => (one.no === no ? { ...one, untilMs: lateMs } : one));
    },
    reach(nowMs) {
      for (const { no, untilMs } of open) if (untilMs <= nowMs) close(no, paths);
    },
    narrow(fits) {
      const fitting = paths.filter(({ state }) => fits(state));
      if (fitting.length > 0) spread(fitting);
      return fitting.length > 0;
    },
    widen(states) {
      spread([...paths, ...states.map((state): Path<S> => ({ state, done: [] }))]);
    },
  };
}
