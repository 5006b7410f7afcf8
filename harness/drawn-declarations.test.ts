import { expect, test } from 'vitest';
import { provenByDraw } from './self-proof.ts';

const minuteMs = 60_000;

test.for([1, 2, 3, 4, 5])('an honest platform of declaration %i fails nothing', { timeout: minuteMs }, async (seed) => {
  const { proof, alarms } = await provenByDraw(seed, 150);
  expect(alarms).toEqual([]);
  expect([...proof.verdicts].filter(([, { kind }]) => kind === 'inconclusive')).toEqual([]);
  expect(proof.verdicts.size).toBeGreaterThan(60);
});
