import type { Clock } from '../contract/world.ts';

/** Most alarms that may ring without time moving: more is a loop that waits for nothing. */
const maxRingsAtOnce = 100_000;
/** Below this many dead alarms the heap is not worth tidying. */
const fewDead = 64;

/** A clock that stands still while anything can run and jumps to the next alarm when nothing can. */
export interface VirtualClock {
  readonly clock: Clock;
  /**
   * Drives until `main` ends and hands on its result or its rejection. Throws on deadlock (no alarm left and `main`
   * not ended), when the run would pass its limit, and when called while another run is driven.
   */
  readonly run: <T>(main: Promise<T> | (() => Promise<T>)) => Promise<T>;
  /** Keeps time from jumping until `promise` settles: for work that leaves this thread. Hands the promise back. */
  readonly hold: <T>(promise: Promise<T>) => Promise<T>;
  /** Alarms that are set now. */
  readonly alarms: () => number;
}

interface Alarm {
  readonly atMs: number;
  readonly order: number;
  live: boolean;
  ring: () => void;
}

const earlier = (a: Alarm, b: Alarm): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap of alarms, earliest first; cancelled ones stay until they come up or outnumber the live ones. */
function alarmHeap() {
  let heap: Alarm[] = [];
  let dead = 0;

  const sink = (start: number): void => {
    const item = heap[start];
    if (!item) return;
    let at = start;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const child = right && left && earlier(right, left) ? right : left;
      if (!child || !earlier(child, item)) break;
      heap[at] = child;
      at = 2 * at + (child === right ? 2 : 1);
    }
    heap[at] = item;
  };
  const push = (item: Alarm): void => {
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (!parent || !earlier(item, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = item;
  };
  const pop = (): Alarm | undefined => {
    for (;;) {
      const first = heap[0];
      const last = heap.pop();
      if (!first || !last) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink(0);
      }
      if (first.live) return first;
      dead -= 1;
    }
  };
  const cancel = (item: Alarm): void => {
    item.live = false;
    dead += 1;
    if (dead < fewDead || dead * 2 < heap.length) return;
    heap = heap.filter((alarm) => alarm.live);
    dead = 0;
    for (let at = (heap.length >> 1) - 1; at >= 0; at -= 1) sink(at);
  };
  return { push, pop, cancel, live: () => heap.length - dead };
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time itself: sleeps that set alarms, and the jump to the next one. */
function timeline(startMs: number, limitMs: number) {
  const heap = alarmHeap();
  let now = startMs;
  let order = 0;
  let rings = 0;

  const sleep = (delayMs: number, signal?: AbortSignal): Promise<void> => {
    if (Number.isNaN(delayMs)) throw new RangeError('a sleep of NaN ms');
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const alarm: Alarm = { atMs: now + Math.max(0, Math.ceil(delayMs)), order, live: true, ring: resolve };
      order += 1;
      // An endless sleep is no alarm: it ends by its signal only, and does not hide a deadlock.
      const counted = alarm.atMs !== Infinity;
      if (counted) heap.push(alarm);
      if (!signal) return;
      const stop = (): void => {
        if (counted) heap.cancel(alarm);
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
      alarm.ring = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
    });
  };

  const jump = (): void => {
    const alarm = heap.pop();
    const ranMs = now - startMs;
    if (!alarm) throw new Error(`deadlock ${ranMs} ms into the run: it has not ended and no alarm is set`);
    if (alarm.atMs - startMs > limitMs) {
      throw new Error(`the run passed its limit of ${limitMs} ms: the next alarm is at ${alarm.atMs - startMs} ms`);
    }
    rings = alarm.atMs > now ? 0 : rings + 1;
    if (rings > maxRingsAtOnce) throw new Error(`time stands still ${ranMs} ms into the run: alarms without end`);
    now = alarm.atMs;
    alarm.ring();
  };
  return { clock: { nowMs: () => now, sleep }, jump, alarms: heap.live };
}

/** A virtual clock that starts at `startMs` (epoch ms) and refuses to run longer than `limitMs` of its own time. */
export function virtualClock(options: { readonly startMs: number; readonly limitMs: number }): VirtualClock {
  const { clock, jump, alarms } = timeline(options.startMs, options.limitMs);
  const held = new Set<Promise<unknown>>();
  let driving = false;

  const drive = async <T>(main: Promise<T>): Promise<T> => {
    let ended = false;
    const end = (): void => {
      ended = true;
    };
    main.then(end, end);
    for (;;) {
      await macrotask();
      if (ended) return main;
      if (held.size > 0) await Promise.race([main, ...held]).catch(() => undefined);
      else jump();
    }
  };

  return {
    clock,
    alarms,
    run: async (main) => {
      if (driving) throw new Error('this clock already drives a run');
      driving = true;
      try {
        return await drive(typeof main === 'function' ? main() : main);
      } finally {
        driving = false;
      }
    },
    hold: (promise) => {
      held.add(promise);
      const release = (): void => {
        held.delete(promise);
      };
      promise.then(release, release);
      return promise;
    },
  };
}
