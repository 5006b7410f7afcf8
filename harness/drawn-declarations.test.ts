import { expect, test } from 'vitest';
import { provenByDraw } from './self-proof.ts';

const minuteMs = 60_000;

test.for([
  ['platform', 1],
  ['platform', 2],
  ['platform', 3],
  ['platform', 4],
  ['node', 1],
  ['node', 2],
] as const)('an honest %s of declaration %i fails nothing', { timeout: minuteMs }, async ([name, seed]) => {
  const { proof, alarms } = await provenByDraw(name, seed, 150);
  expect(alarms).toEqual([]);
  const open = [...proof.verdicts].flatMap(([id, { kind }]) => (kind === 'inconclusive' ? [id] : []));
  // The limit of a platform that answers slowly cannot always be met.
  expect(open.filter((id) => !id.startsWith('RATE-'))).toEqual([]);
  expect(proof.verdicts.size).toBeGreaterThan(60);
});
