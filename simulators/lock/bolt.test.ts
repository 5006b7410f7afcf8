import { describe, test } from 'vitest';
import { fixture, gist, startMs } from './lock.fixture.ts';

const hourMs = 3_600_000;

describe('bolt', () => {
  test('remote motion takes its time, is seen by the sensor, and is told with who asked', async ({ expect }) => {
    const { run, ask, lock, world, told } = fixture();
    const seen: string[] = [];
    lock.plant.watch(({ atMs, bolt }) => seen.push(`${bolt}@${atMs - startMs}`));
    await run(async () => {
      const answer = await ask({ ask: 'bolt', to: 'unlocked', integration: 'i1', notAfterMs: startMs + 1000 });
      expect([gist(answer), answer?.status.bolt, world.clock.nowMs() - startMs]).toEqual(['done', 'unlocked', 600]);
      const again = await ask({ ask: 'bolt', to: 'unlocked', integration: 'i1', notAfterMs: startMs + 1000 });
      expect(gist(again)).toBe('done');
    });
    expect(seen).toEqual(['between@0', 'unlocked@600']);
    expect(told()).toEqual(['unlocked remote']);
    expect(lock.truth().log[0]?.integration).toBe('i1');
  });
  test('after its time a command is refused, also while it waited for the motor', async ({ expect }) => {
    const { run, ask, lock } = fixture();
    await run(async () => {
      const late = await ask({ ask: 'bolt', to: 'unlocked', integration: 'i1', notAfterMs: startMs - 1 });
      const [first, second] = await Promise.all([
        ask({ ask: 'bolt', to: 'unlocked', integration: 'i1', notAfterMs: startMs }),
        ask({ ask: 'bolt', to: 'locked', integration: 'i1', notAfterMs: startMs + 100 }),
      ]);
      expect([late, first, second].map(gist)).toEqual(['expired', 'done', 'expired']);
      expect(lock.truth().bolt).toBe('unlocked');
    });
  });
  test('a blocked bolt jams and says so; a hand frees it, and can always turn back', async ({ expect }) => {
    const { run, ask, lock, turn, told } = fixture();
    await run(async () => {
      await turn('unlocked');
      await lock.plant.act({ act: 'block', on: true });
      const answer = await ask({ ask: 'bolt', to: 'locked', integration: 'i1', notAfterMs: startMs + 9e6 });
      expect([gist(answer), answer?.status.bolt]).toEqual(['jam', 'jammed']);
      expect((await turn('locked')).bolt).toBe('between');
      expect((await turn('unlocked')).bolt).toBe('unlocked');
    });
    expect(told()).toEqual(['unlocked hand', 'jammed remote', 'unlocked hand']);
  });
  test('a hand wins over the motor', async ({ expect }) => {
    const { run, ask, turn, world, told, lock } = fixture();
    await run(async () => {
      const going = ask({ ask: 'bolt', to: 'unlocked', integration: 'i1', notAfterMs: startMs + 9e6 });
      await world.clock.sleep(100);
      expect((await turn('locked')).bolt).toBe('locked');
      expect(gist(await going)).toBe('jam');
      expect(lock.truth().bolt).toBe('locked');
    });
    expect(told()).toEqual(['locked hand']);
  });
  test('relock waits for the door, begins anew with each opening, and is told as its own act', async ({ expect }) => {
    const { run, lock, set, present, world, told } = fixture();
    const at = async (ms: number) => {
      await world.clock.sleep(startMs + ms - world.clock.nowMs());
      return lock.truth().bolt;
    };
    await run(async () => {
      await set(1, '1111');
      await present('1111');
      await lock.plant.act({ act: 'door', to: 'open' });
      expect(await at(hourMs)).toBe('unlocked');
      await lock.plant.act({ act: 'door', to: 'closed' });
      expect(await at(hourMs + 20_000)).toBe('unlocked');
      await present('1111');
      expect(await at(hourMs + 49_900)).toBe('unlocked');
      expect(await at(hourMs + 51_000)).toBe('locked');
      expect((await lock.plant.act({ act: 'door', to: 'open' })).door).toBe('closed');
    });
    expect(told()).toEqual(['unlocked pin 1', 'door-opened', 'door-closed', 'unlocked pin 1', 'locked auto']);
  });
});
