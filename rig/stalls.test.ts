import { expect, test } from 'vitest';
import { realClock } from './clock.ts';
import { stallMs, watchStalls } from './stalls.ts';

test('a process that stands still is told once, with how long, and not after the watch has ended', async () => {
  const { nowMs, sleep } = realClock();
  const block = (ms: number): void => {
    const endMs = nowMs() + ms;
    while (nowMs() < endMs);
  };
  const told: number[] = [];
  const stop = watchStalls((ms) => told.push(ms));
  await sleep(100);
  const [before, sinceMs] = [told.length, nowMs()];
  block(2 * stallMs);
  await sleep(100);
  // A busy machine may let it stand still of itself, too: all that is told has passed, so none of it was told twice.
  const stood = told.slice(before);
  expect(Math.max(...stood)).toBeGreaterThanOrEqual(stallMs);
  expect(stood.reduce((sum, ms) => sum + ms)).toBeLessThanOrEqual(nowMs() - sinceMs + stood.length);
  stop();
  block(2 * stallMs);
  await sleep(100);
  expect(told.length).toBe(before + stood.length);
});
