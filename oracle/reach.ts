import type { Entry, Trace } from '../contract/trace.ts';

/** Whether the platform could talk to the lock. `shaky`: some messages are lost, nothing can be demanded of that time. */
type State = 'up' | 'down' | 'shaky';

/** Times are epoch ms. `entry` puts an act in its place among others of the same ms: what came later is not yet so. */
export interface Reach {
  /** Since when the lock has been reachable without a break at `ms`; null when it is not. */
  upSince(ms: number, entry?: number): number | null;
  /** Since when it has been out of reach without a break at `ms`; null when it was or may have been in reach. */
  downSince(ms: number, entry?: number): number | null;
  /** When the lock's power came back last before `ms`; null when it never failed. */
  powerBackAt(ms: number): number | null;
  poweredAt(ms: number): boolean;
}

const known = new WeakMap<Trace, Reach>();

export function reach(trace: Trace): Reach {
  const made = known.get(trace) ?? follow(trace);
  known.set(trace, made);
  return made;
}

interface Turn {
  readonly atMs: number;
  readonly entry: number;
  readonly state: State;
}

interface Now {
  cut: boolean;
  shaded: boolean;
  power: boolean;
  shaky: boolean;
  /** The platform was interrupted, and is expected back at this instant. */
  backMs: number | null;
}

function follow(trace: Trace): Reach {
  const { turns, power } = turnsOf(trace);
  const since = (ms: number, state: State, entry: number): number | null => {
    let found: number | null = null;
    for (const turn of turns) {
      if (turn.atMs > ms || (turn.atMs === ms && turn.entry > entry)) break;
      if (turn.state !== state) found = null;
      else found ??= turn.atMs;
    }
    return found;
  };
  return {
    upSince: (ms, entry = Infinity) => since(ms, 'up', entry),
    downSince: (ms, entry = Infinity) => since(ms, 'down', entry),
    powerBackAt: (ms) => power.findLast((turn) => turn.on && turn.atMs <= ms)?.atMs ?? null,
    poweredAt: (ms) => power.findLast((turn) => turn.atMs <= ms)?.on ?? true,
  };
}

function turnsOf(trace: Trace): { turns: readonly Turn[]; power: readonly { atMs: number; on: boolean }[] } {
  const turns: Turn[] = [{ atMs: trace.header.startMs, entry: -1, state: 'up' }];
  const power: { atMs: number; on: boolean }[] = [];
  const now: Now = { cut: false, shaded: false, power: true, shaky: false, backMs: null };
  const turn = (atMs: number, entry: number): void => {
    const state = stateOf(now);
    if (turns.at(-1)?.state !== state) turns.push({ atMs, entry, state });
  };
  const comeBack = (untilMs: number, entry: number): void => {
    if (now.backMs === null || now.backMs > untilMs) return;
    const atMs = now.backMs;
    now.backMs = null;
    turn(atMs, entry);
  };
  trace.entries.forEach((entry, i) => {
    comeBack(entry.atMs, i);
    if (entry.kind === 'acted' && entry.act.act === 'power') power.push({ atMs: entry.atMs, on: entry.act.on });
    take(entry, now, trace.header.declaration.timing.reconnectMs);
    turn(entry.atMs, i);
  });
  comeBack(Infinity, trace.entries.length);
  return { turns, power };
}

function stateOf(now: Now): State {
  if (now.cut || now.shaded || !now.power) return 'down';
  return now.shaky || now.backMs !== null ? 'shaky' : 'up';
}

function take(entry: Entry, now: Now, reconnectMs: number): void {
  if (entry.kind === 'acted') {
    if (entry.act.act === 'power') now.power = entry.act.on;
    if (entry.act.act === 'shade') now.shaded = entry.act.on;
  }
  if (entry.kind !== 'weather') return;
  const { weather } = entry;
  if (weather.on === 'platform') now.backMs = entry.atMs + reconnectMs;
  if (weather.on !== 'lock') return;
  if (weather.happens === 'cut') now.cut = true;
  else if (weather.happens === 'heal') now.cut = now.shaky = false;
  else now.shaky = true;
}
