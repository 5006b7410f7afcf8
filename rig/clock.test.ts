import { describe, test } from 'vitest';
import { within } from '../contract/world.ts';
import type { Clock } from '../contract/world.ts';
import { isoOf, realClock, travelClock } from './clock.ts';

/** A clock that stands still: whatever wakes was woken by a journey. */
const frozen = (): Clock => ({
  nowMs: () => 1_000_000,
  sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
});

describe('real clock', () => {
  test('a sleeper never wakes early, and the clock counts epoch ms', async ({ expect }) => {
    const clock = realClock();
    expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(50);
    for (const delayMs of [0, 1, 7, 20]) {
      const startMs = clock.nowMs();
      await clock.sleep(delayMs);
      expect(clock.nowMs() - startMs).toBeGreaterThanOrEqual(delayMs);
    }
  });

  test('an aborted sleep ends at once and leaves no alarm', async ({ expect }) => {
    const clock = realClock();
    const startMs = clock.nowMs();
    const stop = new AbortController();
    const sleeping = clock.sleep(60_000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(60_000, stop.signal);
    expect(clock.nowMs() - startMs).toBeLessThan(1_000);
  });

  test('sleeps longer than a timer can count do not end at once', async ({ expect }) => {
    const clock = realClock();
    expect(await within(clock, 30, (signal) => clock.sleep(2 ** 40, signal))).toEqual({ kind: 'late' });
  });
});

describe('travel clock', () => {
  test('sleepers wake in the order of their deadlines, each at its own time', async ({ expect }) => {
    const { clock, advance } = travelClock(frozen());
    const startMs = clock.nowMs();
    const log: string[] = [];
    const sleeper = async (name: string, delayMs: number): Promise<void> => {
      await clock.sleep(delayMs);
      log.push(`${name} ${String(clock.nowMs() - startMs)}`);
    };
    const all = [sleeper('c', 300), sleeper('a', 100), sleeper('b1', 200), sleeper('b2', 200)];
    await advance(1_000);
    await Promise.all(all);
    expect(log).toEqual(['a 100', 'b1 200', 'b2 200', 'c 300']);
    expect(clock.nowMs() - startMs).toBe(1_000);
  });

  test('what is woken on the way may sleep again and be woken on the same journey', async ({ expect }) => {
    const { clock, advance } = travelClock(frozen());
    const startMs = clock.nowMs();
    const ticks: number[] = [];
    void (async () => {
      for (;;) {
        await clock.sleep(250);
        ticks.push(clock.nowMs() - startMs);
      }
    })();
    await advance(1_000);
    expect(ticks).toEqual([250, 500, 750, 1_000]);
    await advance(249);
    expect(ticks).toHaveLength(4);
    await advance(1);
    expect(ticks).toHaveLength(5);
  });

  test('journeys asked for at once follow one another', async ({ expect }) => {
    const { clock, advance } = travelClock(frozen());
    const startMs = clock.nowMs();
    await Promise.all([advance(100), advance(200), advance(0)]);
    expect(clock.nowMs() - startMs).toBe(300);
  });

  test('an aborted sleeper is gone and delays nobody', async ({ expect }) => {
    const { clock, advance } = travelClock(frozen());
    const stop = new AbortController();
    const log: string[] = [];
    const first = clock.sleep(100, stop.signal).then(() => log.push('first'));
    const second = clock.sleep(200).then(() => log.push('second'));
    stop.abort();
    await first;
    expect(log).toEqual(['first']);
    await advance(200);
    await second;
    await clock.sleep(10, stop.signal);
    expect(log).toEqual(['first', 'second']);
  });

  test('without a journey real time goes by, also after one', async ({ expect }) => {
    const { clock, advance } = travelClock();
    const startMs = clock.nowMs();
    await clock.sleep(10);
    const late = clock.sleep(3_600_020);
    await advance(3_600_000);
    await late;
    const tookMs = clock.nowMs() - startMs - 3_600_000;
    expect(tookMs).toBeGreaterThanOrEqual(30);
    expect(tookMs).toBeLessThan(2_000);
  });

  test('a loop that sleeps for nothing is found', async ({ expect }) => {
    const { clock, advance } = travelClock(frozen());
    void (async () => {
      for (;;) await clock.sleep(0);
    })();
    await expect(advance(5)).rejects.toThrow('sleeps for nothing');
  });
});

test('instants as text', ({ expect }) => {
  expect(isoOf(0)).toBe('1970-01-01T00:00:00.000Z');
});
