import { describe, test } from 'vitest';
import { answerLimitMs, latencyMs, lockLink, silenceMs } from './lock-link.ts';
import type { LockWeather } from './lock-link.ts';
import { fixtureOf } from './lock/fixture.ts';
import { code, fixture, gist, startMs } from './lock/lock.fixture.ts';

function linked() {
  const base = fixture();
  const link = lockLink(base.lock.port, base.world);
  let hellos = 0;
  link.port.listen(() => {
    hellos += 1;
  });
  const set = (slot: number, digits: string) => link.port.ask({ ask: 'set', credential: code(slot, digits) });
  const weather = (...all: LockWeather[]) => {
    for (const one of all) link.happen(one);
  };
  const since = () => base.world.clock.nowMs() - startMs;
  const held = () => base.lock.truth().table.map(({ digits }) => digits);
  return { ...base, link, set, weather, since, held, hellos: () => hellos };
}

describe('the link to a lock', () => {
  test('an answer takes the way there and back', async ({ expect }) => {
    const { run, set, since } = linked();
    await run(async () => {
      expect(gist(await set(1, '1111'))).toBe('done');
      expect(since()).toBeGreaterThanOrEqual(2 * latencyMs);
      expect(since()).toBeLessThanOrEqual(4 * latencyMs);
    });
  });
  test('a cut answers null in bounded time, loses what is on the way, and heal says hello', async ({ expect }) => {
    const { run, set, weather, since, held, hellos, link, world } = linked();
    await run(async () => {
      weather({ on: 'lock', happens: 'cut' });
      expect([await set(1, '1111'), since(), link.up()]).toEqual([null, silenceMs, false]);
      weather({ on: 'lock', happens: 'heal' });
      const going = set(2, '2222');
      weather({ on: 'lock', happens: 'cut' });
      expect(await going).toBeNull();
      expect([held(), hellos()]).toEqual([[], 0]);
      weather({ on: 'lock', happens: 'heal' });
      await world.clock.sleep(1000);
      expect([hellos(), gist(await set(1, '1111'))]).toEqual([1, 'done']);
    });
  });
  test('a lost request has no effect, a lost answer has one; both look alike', async ({ expect }) => {
    const { run, set, weather, since, held } = linked();
    await run(async () => {
      weather({ on: 'lock', happens: 'lose-request', next: 1 });
      expect([await set(1, '1111'), since(), held()]).toEqual([null, silenceMs, []]);
      weather({ on: 'lock', happens: 'lose-answer', next: 1 });
      expect([await set(2, '2222'), since(), held()]).toEqual([null, 2 * silenceMs, ['2222']]);
      expect(gist(await set(3, '3333'))).toBe('done');
    });
  });
  test('a message that comes twice counts once; a delayed one that was overtaken does not count', async ({ expect }) => {
    const { run, link, set, weather, held, told, since } = linked();
    await run(async () => {
      weather({ on: 'lock', happens: 'repeat', next: 1 });
      const unlock = await link.port.ask({ ask: 'bolt', to: 'unlocked', integration: 'i', notAfterMs: startMs + 9e6 });
      expect([gist(unlock), told()]).toEqual(['done', ['unlocked remote']]);
      weather({ on: 'lock', happens: 'delay', next: 1, delayMs: 5000 });
      const before = since();
      const delayed = set(1, '1111');
      expect(gist(await link.port.ask({ ask: 'clear', slot: 1 }))).toBe('done');
      expect([await delayed, held()]).toEqual([null, []]);
      weather({ on: 'lock', happens: 'delay', next: 1, delayMs: 5000 });
      expect([gist(await set(1, '1111')), since() > before + 10_000]).toEqual(['done', true]);
    });
  });
  test('messages in flight together arrive in the order in which they set out', async ({ expect }) => {
    const { run, set, held } = linked();
    await run(async () => {
      for (let round = 0; round < 20; round += 1) {
        const answers = await Promise.all(['1111', '2222', '3333', '4444'].map((digits) => set(1, digits)));
        expect([answers.map(gist), held()]).toEqual([['done', 'done', 'done', 'done'], ['4444']]);
      }
    });
  });
  test('a lock without power is silent, and says hello when power is back; nothing waits for ever', async ({ expect }) => {
    const { run, set, power, hellos, world, since } = linked();
    await run(async () => {
      await power(false);
      expect(await set(1, '1111')).toBeNull();
      expect(since()).toBeLessThan(answerLimitMs);
      const before = hellos();
      await power(true);
      await world.clock.sleep(100);
      expect(hellos()).toBe(before + 1);
    });
  });
});

test('the shade is over the radio and independent of a cut', async ({ expect }) => {
  const { run, lock, link, set, hellos, world } = linked();
  const plant = fixtureOf(lock, link);
  await run(async () => {
    await set(1, '1111');
    expect(await plant.act({ act: 'present', digits: '1111' })).toEqual({
      bolt: 'unlocked',
      door: 'closed',
      keypad: 'accepted',
      opened: true,
    });
    expect((await plant.act({ act: 'present', digits: '3333' })).keypad).toBe('denied');
    await plant.act({ act: 'shade', on: true });
    expect([await set(2, '2222'), plant.can.has('shade')]).toEqual([null, true]);
    link.happen({ on: 'lock', happens: 'heal' });
    expect(link.up()).toBe(false);
    const before = hellos();
    await plant.act({ act: 'shade', on: false });
    await world.clock.sleep(100);
    expect([hellos() > before, gist(await set(2, '2222'))]).toEqual([true, 'done']);
  });
});
