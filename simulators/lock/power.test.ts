import { describe, test } from 'vitest';
import { declared, fixture, gist, startMs } from './lock.fixture.ts';

const hourMs = 3_600_000;

describe('power', () => {
  test('table, log, numbers and lockout survive; the lock says that it restarted', async ({ expect }) => {
    const { run, set, present, power, world, ask, lock, told } = fixture();
    let hellos = 0;
    lock.port.listen(() => {
      hellos += 1;
    });
    await run(async () => {
      await set(1, '1111');
      for (const digits of ['0000', '0001', '0002']) expect(await present(digits)).toBe('denied');
      expect(await present('1111')).toBe('locked-out');
      await world.clock.sleep(20_000);
      await power(false);
      expect([gist(await ask({ ask: 'status' })), await present('1111')]).toEqual(['silence', 'dead']);
      await lock.plant.act({ act: 'turn', to: 'unlocked' });
      await lock.plant.act({ act: 'turn', to: 'locked' });
      await world.clock.sleep(5 * hourMs);
      const before = hellos;
      await power(true);
      expect(hellos).toBeGreaterThan(before);
      await world.clock.sleep(39_000);
      expect(await present('1111')).toBe('locked-out');
      await world.clock.sleep(1000);
      expect(await present('1111')).toBe('accepted open');
      expect(lock.truth().log.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });
    expect(told().slice(3)).toEqual(['lockout pin', 'denied pin', 'restarted', 'denied pin', 'lockout-ended', 'unlocked pin 1']);
  });
  test('a cut in the middle of a motion leaves the bolt between: jammed until it is moved', async ({ expect }) => {
    const { run, ask, power, world, told, lock } = fixture();
    await run(async () => {
      const going = ask({ ask: 'bolt', to: 'unlocked', integration: 'i1', notAfterMs: startMs + 9e6 });
      await world.clock.sleep(300);
      expect((await power(false)).bolt).toBe('between');
      await power(true);
      expect(await going).toBeNull();
      const answer = await ask({ ask: 'status' });
      expect(answer?.status.bolt).toBe('jammed');
      const moved = await ask({ ask: 'bolt', to: 'locked', integration: 'i1', notAfterMs: startMs + 9e6 });
      expect([gist(moved), lock.truth().bolt]).toEqual(['done', 'locked']);
    });
    expect(told()).toEqual(['restarted', 'jammed', 'locked remote']);
  });
  test('fail-safe opens without power, fail-secure stays', async ({ expect }) => {
    for (const failMode of ['safe', 'secure'] as const) {
      const { run, power } = fixture({ safety: { ...declared.safety, failMode } });
      await run(async () => {
        expect((await power(false)).bolt).toBe(failMode === 'safe' ? 'unlocked' : 'locked');
      });
    }
  });
  test('battery: warns once each way, no motor below dead, nothing at all at zero', async ({ expect }) => {
    const { run, lock, set, present, ask, told, turn } = fixture();
    const charge = (percent: number) => lock.plant.act({ act: 'battery', percent });
    await run(async () => {
      await set(1, '1111');
      for (const percent of [20, 19, 10, 50, 12, 4]) await charge(percent);
      expect(await present('1111')).toBe('dead');
      expect(gist(await ask({ ask: 'bolt', to: 'unlocked', integration: 'i1', notAfterMs: startMs + 9e6 }))).toBe('power');
      expect((await turn('unlocked')).bolt).toBe('unlocked');
      await charge(0);
      expect(await ask({ ask: 'status' })).toBeNull();
      await charge(90);
      expect((await ask({ ask: 'status' }))?.status.batteryPercent).toBe(90);
    });
    expect(told()).toEqual(['battery-low', 'battery-ok', 'battery-low', 'unlocked hand', 'restarted', 'battery-ok']);
  });
});
