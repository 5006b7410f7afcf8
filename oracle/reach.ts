import type { Entry, Trace } from '../contract/trace.ts';

/** Whether the platform could talk to the lock. `shaky`: some messages are lost, nothing can be demanded of that time. */
type State = 'up' | 'down' | 'shaky';

export interface Reach {
  /** Since when the lock has been reachable without a break at `ms`; null when it is not. */
  upSince(ms: number): number | null;
  /** Since when it has been out of reach without a break at `ms`; null when it was or may have been in reach. */
  downSince(ms: number): number | null;
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
  readonly state: State;
}

function follow(trace: Trace): Reach {
  const { reconnectMs } = trace.header.declaration.timing;
  const turns: Turn[] = [{ atMs: trace.header.startMs, state: 'up' }];
  const power: { atMs: number; on: boolean }[] = [];
  const now = { cut: false, shaded: false, power: true, shaky: false };
  for (const entry of trace.entries) {
    const before = stateOf(now);
    const again = take(entry, now);
    if (entry.kind === 'acted' && entry.act.act === 'power') power.push({ atMs: entry.atMs, on: entry.act.on });
    const after = stateOf(now);
    if (again) turns.push({ atMs: entry.atMs, state: 'shaky' }, { atMs: entry.atMs + reconnectMs, state: after });
    else if (after !== before) turns.push({ atMs: entry.atMs, state: after });
  }
  const since = (ms: number, state: State): number | null => {
    let found: number | null = null;
    for (const turn of turns) {
      if (turn.atMs > ms) break;
      if (turn.state !== state) found = null;
      else found ??= turn.atMs;
    }
    return found;
  };
  return {
    upSince: (ms) => since(ms, 'up'),
    downSince: (ms) => since(ms, 'down'),
    powerBackAt: (ms) => power.findLast((turn) => turn.on && turn.atMs <= ms)?.atMs ?? null,
    poweredAt: (ms) => power.findLast((turn) => turn.atMs <= ms)?.on ?? true,
  };
}

const stateOf = (now: { cut: boolean; shaded: boolean; power: boolean; shaky: boolean }): State =>
  now.cut || now.shaded || !now.power ? 'down' : now.shaky ? 'shaky' : 'up';

/** Applies one entry; true when the platform itself was interrupted for a moment. */
function take(entry: Entry, now: { cut: boolean; shaded: boolean; power: boolean; shaky: boolean }): boolean {
  if (entry.kind === 'acted') {
    if (entry.act.act === 'power') now.power = entry.act.on;
    if (entry.act.act === 'shade') now.shaded = entry.act.on;
  }
  if (entry.kind !== 'weather') return false;
  const { weather } = entry;
  if (weather.on === 'lock') {
    if (weather.happens === 'cut') now.cut = true;
    else if (weather.happens === 'heal') now.cut = now.shaky = false;
    else now.shaky = true;
  }
  return weather.on === 'platform';
}
