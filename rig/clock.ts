import type { Clock } from '../contract/world.ts';

/** setTimeout cannot count further. */
const longestTimerMs = 2 ** 31 - 1;
/** Turns of the event loop between two sleepers of one journey: enough for chains of promises and of immediates. */
const turnsBetween = 3;
/** More sleepers than this at one instant of a journey: a loop that sleeps for nothing. */
const maxWakesPerInstant = 10_000;

/** A clock whose time can also be moved forward. */
export interface TravelClock {
  readonly clock: Clock;
  /**
   * Moves time forward by `byMs`, waking every sleeper on the way in the order of deadlines, one by one: code that is
   * woken for an instant reads that instant or slightly more. Journeys asked for at once follow one another.
   */
  advance(byMs: number): Promise<void>;
}

/** Real time, epoch ms, whole, never going back: the wall clock is read once and counted on from there. */
export function realClock(): Clock {
  const originMs = Date.now() - performance.now();
  const nowMs = (): number => Math.floor(originMs + performance.now());
  return {
    nowMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        const endMs = nowMs() + Math.max(0, Math.ceil(delayMs));
        let timer: NodeJS.Timeout;
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          resolve();
        };
        // A timer may fire a moment early; a sleeper never wakes before its time.
        const wait = (): void => {
          const leftMs = endMs - nowMs();
          if (leftMs <= 0) end();
          else timer = setTimeout(wait, Math.min(leftMs, longestTimerMs));
        };
        timer = setTimeout(wait, Math.min(Math.max(0, endMs - nowMs()), longestTimerMs));
        if (signal?.aborted) end();
        else signal?.addEventListener('abort', end);
      }),
  };
}

interface Sleeper {
  readonly deadlineMs: number;
  readonly wake: () => void;
}

/** Joins the sleepers until woken, or until `signal` aborts. */
function fallAsleep(
  deadlineMs: number,
  signal: AbortSignal | undefined,
  add: (sleeper: Sleeper) => void,
  remove: (sleeper: Sleeper) => void,
): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const sleeper: Sleeper = { deadlineMs, wake };
    const leave = (): void => {
      remove(sleeper);
      wake();
    };
    signal?.addEventListener('abort', leave);
    add(sleeper);
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The time of `base` plus an offset that `advance` moves: lets a bench behind real sockets jump. */
export function travelClock(base: Clock = realClock()): TravelClock {
  /** By deadline, ties in the order of asking. */
  const sleepers: Sleeper[] = [];
  let offsetMs = 0;
  let alarm = new AbortController();
  let travelling = false;
  let journey: Promise<void> = Promise.resolve();
  const nowMs = (): number => base.nowMs() + offsetMs;

  function wakeFirst(): void {
    sleepers.shift()?.wake();
  }
  /** Waits in real time for the earliest sleeper; a journey wakes them itself. */
  function arm(): void {
    alarm.abort();
    const first = sleepers[0];
    if (!first || travelling) return;
    alarm = new AbortController();
    const { signal } = alarm;
    void base.sleep(first.deadlineMs - nowMs(), signal).then(() => {
      if (signal.aborted) return;
      while (sleepers[0] && sleepers[0].deadlineMs <= nowMs()) wakeFirst();
      arm();
    });
  }
  function add(sleeper: Sleeper): void {
    const later = sleepers.findIndex((other) => other.deadlineMs > sleeper.deadlineMs);
    sleepers.splice(later < 0 ? sleepers.length : later, 0, sleeper);
    if (sleepers[0] === sleeper) arm();
  }
  function remove(sleeper: Sleeper): void {
    const place = sleepers.indexOf(sleeper);
    if (place >= 0) sleepers.splice(place, 1);
    if (place === 0) arm();
  }
  async function travel(byMs: number): Promise<void> {
    // Time stays in whole ms.
    const targetMs = nowMs() + Math.max(0, Math.ceil(byMs));
    travelling = true;
    alarm.abort();
    try {
      let wakes = 0;
      while (sleepers[0] && sleepers[0].deadlineMs <= targetMs) {
        const restMs = Math.max(0, sleepers[0].deadlineMs - nowMs());
        wakes = restMs > 0 ? 0 : wakes + 1;
        if (wakes > maxWakesPerInstant) throw new Error('a journey in time does not end: something sleeps for nothing');
        offsetMs += restMs;
        wakeFirst();
        for (let i = 0; i < turnsBetween; i += 1) await turn();
      }
      offsetMs += Math.max(0, targetMs - nowMs());
    } finally {
      travelling = false;
      arm();
    }
  }

  return {
    clock: {
      nowMs,
      sleep: (delayMs, signal) => fallAsleep(nowMs() + Math.max(0, Math.ceil(delayMs)), signal, add, remove),
    },
    advance: (byMs) => {
      journey = journey.then(() => travel(byMs));
      const mine = journey;
      journey = journey.catch(() => undefined);
      return mine;
    },
  };
}

/** An instant as RFC 3339 text in UTC. */
export const isoOf = (epochMs: number): string => new Date(epochMs).toISOString();
