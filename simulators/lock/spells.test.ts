import { describe, expect, test } from 'vitest';
import type { Mode } from '../../contract/mode.ts';
import { declared, fixture, gist, startMs } from './lock.fixture.ts';

const foreverMs = 4e12;

/** A lock, and spells from and to so many seconds after its start. */
function withSpells(driftMsPerDay = 0) {
  const at = fixture({}, undefined, driftMsPerDay);
  return {
    ...at,
    mode: () => at.lock.truth().mode,
    setMode: async (to: Mode) => gist(await at.ask({ ask: 'mode', to, integration: 'int', notAfterMs: foreverMs })),
    schedule: async (mode: Mode, from: number, to: number) => {
      const spell = { mode, startMs: startMs + from * 1_000, endMs: startMs + to * 1_000 };
      return gist(await at.ask({ ask: 'spell', spell, notAfterMs: foreverMs }));
    },
    clear: async () => gist(await at.ask({ ask: 'spell', spell: null, notAfterMs: foreverMs })),
    /** Goes to so many seconds after the start. */
    until: (seconds: number) => at.world.clock.sleep(startMs + seconds * 1_000 - at.world.clock.nowMs()),
  };
}

describe('a mode for a spell of time', () => {
  test('begins and ends with it, then the lock is back in the mode that was set by hand', async () => {
    const at = withSpells();
    await at.run(async () => {
      await at.set(1, '1111');
      await at.setMode('no-remote');
      expect(await at.schedule('vacation', 10, 20)).toBe('done');
      const seen: string[] = [];
      for (const second of [9.9, 10, 19.9, 20]) {
        await at.until(second);
        seen.push(`${at.mode()} ${await at.present('1111')}`);
        await at.turn('locked');
      }
      expect(seen).toEqual(['no-remote accepted open', 'vacation denied', 'vacation denied', 'no-remote accepted open']);
      expect(at.told().filter((one) => one.startsWith('mode'))).toEqual(['mode remote', 'mode auto', 'mode auto']);
    });
    expect(at.alarms()).toBe(0);
  });

  test('gives way to a later one, to a mode that is set within it, and to being taken away', async () => {
    const at = withSpells();
    await at.run(async () => {
      await at.schedule('vacation', 5, 10);
      await at.schedule('passage', 20, 30);
      await at.until(6);
      expect(at.mode()).toBe('normal');
      await at.until(21);
      expect(at.mode()).toBe('passage');
      await at.setMode('no-remote');
      await at.until(40);
      expect(at.mode()).toBe('no-remote');
      await at.schedule('vacation', 39, 60);
      expect(at.mode()).toBe('vacation');
      expect([await at.clear(), at.mode()]).toEqual(['done', 'no-remote']);
      await at.schedule('vacation', 60, 70);
      await at.clear();
      await at.until(65);
      expect(at.mode()).toBe('no-remote');
      expect(await at.schedule('vacation', 90, 90)).toBe('mode');
    });
  });

  test('goes by the lock’s own clock, however it comes to its time', async () => {
    const late = withSpells(-86_400);
    await late.run(async () => {
      await late.schedule('vacation', 1_000, 2_000);
      await late.until(1_000.5);
      expect(late.mode()).toBe('normal');
      await late.until(1_001.1);
      expect(late.mode()).toBe('vacation');
    });
    const stepped = withSpells();
    await stepped.run(async () => {
      await stepped.schedule('vacation', 3_600, 3_700);
      await stepped.lock.plant.act({ act: 'stepClock', byMs: 3_600_000 });
      expect(stepped.mode()).toBe('vacation');
      await stepped.ask({ ask: 'clock', nowMs: stepped.world.clock.nowMs() });
      expect(stepped.mode()).toBe('normal');
    });
  });

  test('outlives a loss of power, in which it may begin and end', async () => {
    const at = withSpells();
    const stays = fixture({ time: { ...declared.time, keepsClock: true } });
    await at.run(async () => {
      await at.schedule('vacation', 10, 4_000);
      await at.until(11);
      await at.power(false);
      await at.power(true);
      expect(at.mode()).toBe('vacation');
    });
    await stays.run(async () => {
      const spell = { mode: 'vacation', startMs: startMs + 10_000, endMs: startMs + 20_000 } as const;
      await stays.ask({ ask: 'spell', spell, notAfterMs: foreverMs });
      const seen: Mode[] = [];
      for (const waitMs of [15_000, 10_000]) {
        await stays.power(false);
        await stays.world.clock.sleep(waitMs);
        await stays.power(true);
        seen.push(stays.lock.truth().mode);
      }
      expect(seen).toEqual(['vacation', 'normal']);
    });
  });

  test('of privacy does not begin behind a drawn bolt, and ends by the hand inside', async () => {
    const at = withSpells();
    await at.run(async () => {
      await at.turn('unlocked');
      await at.schedule('privacy', 2, 5);
      await at.until(3);
      expect(at.mode()).toBe('normal');
      await at.turn('locked');
      await at.schedule('privacy', 10, 30);
      await at.until(11);
      expect(at.mode()).toBe('privacy');
      await at.turn('unlocked');
      expect(at.mode()).toBe('normal');
      await at.turn('locked');
      await at.until(20);
      expect(at.mode()).toBe('normal');
    });
  });
});
