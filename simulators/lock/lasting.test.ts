import { expect, test } from 'vitest';
import { declared, fixture } from './lock.fixture.ts';

const minuteMs = 60_000;
const lasting = { forMs: minuteMs, firstMs: null };
const kept = { time: { ...declared.time, keepsClock: true } };

/** What becomes of presentations, each so long after the one before, ms. */
async function tried(waits: readonly number[], between: (at: ReturnType<typeof fixture>, i: number) => Promise<unknown>) {
  const at = fixture(kept);
  const told: string[] = [];
  await at.run(async () => {
    await at.set(1, '1111', { lasting });
    for (const [i, ms] of waits.entries()) {
      await at.world.clock.sleep(ms);
      await between(at, i);
      told.push(await at.present('1111'));
      await at.turn('locked');
    }
  });
  return told;
}

const waits = [2 * minuteMs, minuteMs / 2, minuteMs];
const thenOver = ['accepted open', 'accepted open', 'denied'];

test('the time runs from the first use on, and no later one begins it again', async () => {
  expect(await tried(waits, async () => undefined)).toEqual(thenOver);
});

test('a loss of power does not', async () => {
  const cut = async (at: ReturnType<typeof fixture>, i: number): Promise<void> => {
    if (i === 0) return;
    await at.power(false);
    await at.power(true);
  };
  expect(await tried(waits, cut)).toEqual(thenOver);
});

test('set again it goes on, and in the place of another grant it begins anew', async () => {
  const again = (tag: string) => (at: ReturnType<typeof fixture>, i: number) =>
    i === 1 ? at.set(1, '1111', { lasting, tag }) : Promise.resolve(null);
  expect(await tried(waits, again('t1'))).toEqual(thenOver);
  expect(await tried([0, 2 * minuteMs], again('t2'))).toEqual(['accepted open', 'accepted open']);
});

test('a new device goes on from the first use that it is told', async () => {
  const at = fixture(kept);
  await at.run(async () => {
    const firstMs = at.lock.truth().deviceMs - 2 * minuteMs;
    await at.set(1, '1111', { lasting: { forMs: minuteMs, firstMs } });
    expect(await at.present('1111')).toBe('denied');
  });
});
