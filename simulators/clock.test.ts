import { readFile } from 'node:fs/promises';
import { describe, test } from 'vitest';
import { within } from '../contract/world.ts';
import { virtualClock } from './clock.ts';

const fresh = (limitMs = 1e9) => virtualClock({ startMs: 1000, limitMs });

describe('virtual clock', () => {
  test('jumps to the earliest alarm, ties in the order of asking', async ({ expect }) => {
    const { clock, run } = fresh();
    const rung: string[] = [];
    const wait = async (name: string, ms: number) => {
      await clock.sleep(ms);
      rung.push(`${name}@${clock.nowMs()}`);
    };
    await run(async () => {
      await Promise.all([wait('c', 30), wait('a', 10), wait('b1', 20), wait('b2', 20), wait('b3', 20), wait('now', 0)]);
    });
    expect(rung).toEqual(['now@1000', 'a@1010', 'b1@1020', 'b2@1020', 'b3@1020', 'c@1030']);
  });
  test('two runs of the same tangle are alike', async ({ expect }) => {
    const tangle = async () => {
      const { clock, run } = fresh();
      const seen: string[] = [];
      const worker = async (id: number) => {
        for (let i = 0; i < 50; i += 1) {
          await clock.sleep((id * 7 + i * 13) % 11);
          if (i % 3 === 0) await Promise.resolve();
          seen.push(`${id}:${clock.nowMs()}`);
        }
      };
      await run(() => Promise.all([1, 2, 3, 4, 5].map(worker)));
      return seen;
    };
    expect(await tangle()).toEqual(await tangle());
  });
  test('deadlock is thrown with its time', async ({ expect }) => {
    const { clock, run } = fresh();
    const stuck = run(async () => {
      await clock.sleep(250);
      await new Promise(() => undefined);
    });
    await expect(stuck).rejects.toThrow('deadlock 250 ms into the run');
  });
  test('an endless sleep does not hide a deadlock', async ({ expect }) => {
    const { clock, run } = fresh();
    await expect(run(() => clock.sleep(Infinity))).rejects.toThrow('deadlock 0 ms');
  });
  test('a run has a limit, and time that stands still is noticed', async ({ expect }) => {
    const long = fresh(100);
    await expect(long.run(() => long.clock.sleep(101))).rejects.toThrow('limit of 100 ms');
    const exact = fresh(100);
    await exact.run(() => exact.clock.sleep(100));
    expect(exact.clock.nowMs()).toBe(1100);
    const idle = fresh();
    const spinning = idle.run(async () => {
      for (;;) await idle.clock.sleep(0);
    });
    await expect(spinning).rejects.toThrow('time stands still');
  });
  test('hands on results and rejections, and can run again', async ({ expect }) => {
    const { clock, run } = fresh();
    expect(await run(Promise.resolve(7))).toBe(7);
    const failing = run(async () => {
      await clock.sleep(5);
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    await run(() => clock.sleep(5));
    expect(clock.nowMs()).toBe(1010);
    await run(async () => {
      await expect(run(Promise.resolve())).rejects.toThrow('already drives');
    });
  });
  test('an aborted sleep ends at once and takes its alarm away', async ({ expect }) => {
    const { clock, run, alarms } = fresh();
    await run(async () => {
      const stop = new AbortController();
      const long = clock.sleep(1_000_000, stop.signal);
      expect(alarms()).toBe(1);
      stop.abort();
      await long;
      await clock.sleep(10, stop.signal);
    });
    expect([alarms(), clock.nowMs()]).toEqual([0, 1000]);
  });
  test('thousands of deadlines that were not needed leave nothing behind and keep the order', async ({ expect }) => {
    const { clock, run, alarms } = fresh();
    await run(async () => {
      for (let i = 0; i < 3000; i += 1) {
        const timed = await within(clock, 60_000 - i, async () => {
          if (i % 10 === 0) await clock.sleep(1);
          return i;
        });
        expect(timed).toEqual({ kind: 'done', value: i });
      }
      const late = await within(clock, 5, async (signal) => clock.sleep(Infinity, signal));
      expect(late.kind).toBe('late');
    });
    expect([alarms(), clock.nowMs()]).toEqual([0, 1305]);
  });
  test('hold keeps time from jumping while work is elsewhere', async ({ expect }) => {
    const { clock, run, hold } = fresh();
    const elsewhere = async () => {
      await hold(readFile(import.meta.filename));
      return clock.nowMs();
    };
    const [when] = await run(() => Promise.all([elsewhere(), clock.sleep(50)]));
    expect(when).toBe(1000);
  });
});
