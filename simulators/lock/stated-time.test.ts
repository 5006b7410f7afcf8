import { describe, expect, test } from 'vitest';
import { declared, fixture, startMs } from './lock.fixture.ts';

const { autoRelockMs } = declared.timing;
const foreverMs = 4e12;

/** A lock with a code, the way to draw its bolt for a time, and how long it stays drawn. */
function timed(relockMs = autoRelockMs) {
  const at = fixture({ timing: { ...declared.timing, autoRelockMs: relockMs } });
  const moved: string[] = [];
  at.lock.plant.watch(({ atMs, bolt }) => moved.push(`${bolt}@${atMs - startMs}`));
  return {
    ...at,
    moved,
    draw: (forMs?: number) =>
      at.ask({ ask: 'bolt', to: 'unlocked', integration: 'i', notAfterMs: foreverMs, ...(forMs !== undefined && { forMs }) }),
    wait: (ms: number) => at.world.clock.sleep(ms),
  };
}

describe('a stated time', () => {
  test.each([2_000, 2 * autoRelockMs])('of %d ms ends when it is over, whatever auto-relock says', async (forMs) => {
    const at = timed();
    await at.run(async () => {
      await at.draw(forMs);
      await at.wait(3 * autoRelockMs);
    });
    expect(at.moved).toEqual(['between@0', 'unlocked@600', `between@${600 + forMs}`, `locked@${1_200 + forMs}`]);
  });

  test('is for one opening, and needs no auto-relock', async () => {
    const at = timed(0);
    await at.run(async () => {
      await at.draw(2_000);
      await at.wait(5_000);
      expect(at.lock.truth().bolt).toBe('locked');
      await at.draw();
      await at.wait(100_000);
      expect(at.lock.truth().bolt).toBe('unlocked');
    });
  });

  test('outlasts a code that is presented meanwhile, and not a hand that throws the bolt', async () => {
    const at = timed();
    await at.run(async () => {
      await at.set(1, '1111');
      await at.draw(2 * autoRelockMs);
      await at.wait(autoRelockMs - 1_000);
      await at.present('1111');
      await at.wait(autoRelockMs - 1_000);
      expect(at.lock.truth().bolt).toBe('unlocked');
      await at.turn('locked');
      await at.present('1111');
      await at.wait(autoRelockMs - 1_000);
      expect(at.lock.truth().bolt).toBe('unlocked');
      await at.wait(2_000);
      expect(at.lock.truth().bolt).toBe('locked');
    });
  });

  test('waits for the door', async () => {
    const at = timed();
    await at.run(async () => {
      await at.draw(2_000);
      await at.lock.plant.act({ act: 'door', to: 'open' });
      await at.wait(3 * autoRelockMs);
      expect(at.lock.truth().bolt).toBe('unlocked');
      await at.lock.plant.act({ act: 'door', to: 'closed' });
      await at.wait(1_000);
      expect(at.lock.truth().bolt).toBe('locked');
    });
  });
});
