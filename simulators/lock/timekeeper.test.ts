import { describe, test } from 'vitest';
import { declared, fixture, honest, startMs } from './lock.fixture.ts';

const hourMs = 3_600_000;

describe('time', () => {
  const nine = { startMs: null, endMs: null, zone: 'UTC', recurrence: { rule: 'FREQ=DAILY', from: '09:00', to: '17:00' } };
  test('schedules follow the lock’s own clock: drift and steps shift them', async ({ expect }) => {
    const { run, set, present, world, ask, lock } = fixture({}, honest, -60_000);
    await run(async () => {
      await set(1, '1111', { schedule: { ...nine, startMs: startMs + 10 * 24 * hourMs, recurrence: null } });
      await world.clock.sleep(10 * 24 * hourMs + 590_000);
      expect(await present('1111')).toBe('denied');
      await world.clock.sleep(11_000);
      expect(await present('1111')).toBe('accepted open');
      await lock.plant.act({ act: 'turn', to: 'locked' });
      await lock.plant.act({ act: 'stepClock', byMs: -hourMs });
      expect(await present('1111')).toBe('denied');
      await ask({ ask: 'clock', nowMs: world.clock.nowMs() });
      expect(await present('1111')).toBe('accepted open');
    });
  });
  test('a lock that lost its clock denies what has a window until it is set, by declaration', async ({ expect }) => {
    for (const [unknownClock, keepsClock, expected] of [
      ['deny-windowed', false, 'denied'],
      ['last-known', false, 'accepted open'],
      ['deny-windowed', true, 'accepted open'],
    ] as const) {
      const { run, set, present, power, ask, world, turn, told } = fixture({
        time: { ...declared.time, unknownClock, keepsClock },
      });
      await run(async () => {
        await world.clock.sleep(10 * hourMs);
        await set(1, '1111', { schedule: nine });
        await set(2, '2222');
        await power(false);
        await world.clock.sleep(hourMs);
        await power(true);
        const answer = await ask({ ask: 'status' });
        expect([answer?.status.clockKnown, answer?.status.deviceMs]).toEqual([
          keepsClock,
          startMs + (keepsClock ? 11 : 10) * hourMs,
        ]);
        expect(await present('2222')).toBe('accepted open');
        await turn('locked');
        expect(await present('1111')).toBe(expected);
        await turn('locked');
        await ask({ ask: 'clock', nowMs: world.clock.nowMs() });
        expect(await present('1111')).toBe('accepted open');
        expect(told().includes('clock-set remote')).toBe(!keepsClock);
      });
    }
  });
});
