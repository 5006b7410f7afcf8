import { describe, expect, test } from 'vitest';
import type { Mode } from '../../contract/mode.ts';
import { declared, fixture, gist } from './lock.fixture.ts';

const foreverMs = 4e12;

/** A lock in a mode, with a code in slot 1, and the ways to try it. */
function inMode() {
  const at = fixture();
  return {
    ...at,
    mode: async (to: Mode) => gist(await at.ask({ ask: 'mode', to, integration: 'int', notAfterMs: foreverMs })),
    remote: async (to: 'locked' | 'unlocked') =>
      gist(await at.ask({ ask: 'bolt', to, integration: 'int', notAfterMs: foreverMs })),
  };
}

describe('a mode', () => {
  test('switches off what it is there for, and nothing else', async () => {
    const at = inMode();
    await at.run(async () => {
      await at.set(1, '1111');
      const tried = async () => {
        const code = await at.present('1111');
        const remote = await at.remote('locked');
        await at.turn('locked');
        return `${code}, ${remote}`;
      };
      const seen: string[] = [await tried()];
      for (const to of ['vacation', 'no-remote', 'passage', 'normal'] as const) {
        await at.mode(to);
        seen.push(await tried());
      }
      expect(seen).toEqual([
        'accepted open, done',
        'denied, done',
        'accepted open, mode',
        'accepted open, done',
        'accepted open, done',
      ]);
      expect(at.told().filter((one) => one.startsWith('mode'))).toHaveLength(4);
    });
  });

  test('of privacy needs a thrown bolt, and ends by the hand inside', async () => {
    const at = inMode();
    await at.run(async () => {
      await at.set(1, '1111');
      await at.turn('unlocked');
      expect([await at.mode('privacy'), at.lock.truth().mode]).toEqual(['mode', 'normal']);
      await at.turn('locked');
      expect([await at.mode('privacy'), await at.present('1111'), await at.remote('unlocked')]).toEqual([
        'done',
        'denied',
        'mode',
      ]);
      await at.turn('locked');
      expect(at.lock.truth().mode).toBe('privacy');
      await at.turn('unlocked');
      expect([at.lock.truth().mode, at.told().at(-1)]).toEqual(['normal', 'mode hand']);
    });
  });

  test('outlives a loss of power, and privacy only behind a thrown bolt', async () => {
    const at = inMode();
    await at.run(async () => {
      for (const [to, turned, after] of [
        ['vacation', false, 'vacation'],
        ['privacy', false, 'privacy'],
        ['privacy', true, 'normal'],
      ] as const) {
        await at.mode(to);
        await at.power(false);
        if (turned) await at.turn('unlocked');
        await at.power(true);
        expect(at.lock.truth().mode).toBe(after);
      }
    });
  });

  test('of passage keeps the bolt drawn, and auto-relock counts again from its end', async () => {
    const { autoRelockMs } = declared.timing;
    const at = inMode();
    await at.run(async () => {
      await at.mode('passage');
      await at.remote('unlocked');
      await at.world.clock.sleep(3 * autoRelockMs);
      expect(at.lock.truth().bolt).toBe('unlocked');
      await at.mode('normal');
      await at.world.clock.sleep(autoRelockMs / 2);
      expect(at.lock.truth().bolt).toBe('unlocked');
      await at.world.clock.sleep(autoRelockMs);
      expect(at.lock.truth().bolt).toBe('locked');
    });
  });

  test('that the lock lacks is refused, as is one that comes too late', async () => {
    const few = fixture({ modes: ['normal', 'vacation'] });
    await few.run(async () => {
      expect(gist(await few.ask({ ask: 'mode', to: 'passage', integration: 'int', notAfterMs: foreverMs }))).toBe('mode');
      expect(gist(await few.ask({ ask: 'mode', to: 'vacation', integration: 'int', notAfterMs: 1 }))).toBe('expired');
      expect(few.lock.truth().mode).toBe('normal');
    });
  });
});
