import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { faults } from './catalogue.ts';
import { ground } from './open.ts';
import { prove } from './self-proof.ts';
import { loadTarget } from './target.ts';

/** One seed, and each fault only until somebody catches it. The full table is `npm run mutants`. */

const minuteMs = 60_000;
const seed = 1;

const loaded = loadTarget(fileURLToPath(new URL('../targets/reference-twin.yaml', import.meta.url)), {});
if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
const place = await ground(loaded.target);
const all = await faults();

describe('every fault is caught by at least one requirement', () => {
  test.each(all.map((fault) => [fault.name, fault] as const))('%s', { timeout: 3 * minuteMs }, async (_name, fault) => {
    const proof = await prove(place, { seed, faults: [fault], apiOnly: false, budgetCommands: 3_000, early: true });
    expect([...proof.detected.keys()]).not.toEqual([]);
  });
});

test('faults are of many groups, and many are hard', () => {
  const groups = new Set(all.flatMap(({ defects }) => defects.map((id) => id.split('-')[0])));
  expect(groups.size).toBeGreaterThanOrEqual(10);
  expect(all.length).toBeGreaterThanOrEqual(20);
  expect(all.filter(({ hard }) => hard !== null).length).toBeGreaterThanOrEqual(6);
});
