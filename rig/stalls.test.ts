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
  const before = told.length;
  block(2 * stallMs);
  await sleep(100);
  expect(told.length).toBe(before + 1);
  expect(told.at(-1)).toBeGreaterThanOrEqual(stallMs);
  stop();
  block(2 * stallMs);
  await sleep(100);
  expect(told.length).toBe(before + 1);
});
