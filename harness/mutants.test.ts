import { describe, expect, test } from 'vitest';
import { faults } from './catalogue.ts';
import { prove, worldOf, worldOfFault } from './self-proof.ts';

/** One seed, and each fault only until somebody catches it. The full table is `npm run mutants`. */

const minuteMs = 60_000;
const seed = 1;

const places = { platform: await worldOf('platform'), reader: await worldOf('reader') };
const all = await faults();

describe('every fault is caught by at least one requirement', () => {
  test.each(all.map((fault) => [fault.name, fault] as const))('%s', { timeout: 3 * minuteMs }, async (_name, fault) => {
    const proof = await prove(places[worldOfFault(fault)], {
      seed,
      faults: [fault],
      apiOnly: false,
      budgetCommands: 3_000,
      early: true,
    });
    expect([...proof.detected.keys()]).not.toEqual([]);
  });
});

test('faults are of many groups, and many are hard', () => {
  const groups = new Set(all.flatMap(({ defects }) => defects.map((id) => id.split('-')[0])));
  expect(groups.size).toBeGreaterThanOrEqual(10);
  expect(all.length).toBeGreaterThanOrEqual(20);
  expect(all.filter(({ hard }) => hard !== null).length).toBeGreaterThanOrEqual(6);
});
