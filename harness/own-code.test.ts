import { describe, expect, test } from 'vitest';
import { twin } from '../drivers/matter/twin.ts';
import { faults } from './catalogue.ts';
import { ground } from './open.ts';
import { prove, worldOf } from './self-proof.ts';

/** A Matter lock that takes remote operations only with a PIN (RequirePINforRemoteOperation): no false alarm, and what is wrong shows. */

const minuteMs = 60_000;
const { target, vendor } = await worldOf('node');
const all = await faults();
const place = await ground(target, {
  ...vendor,
  twin: (world, declaration, _secrets, known) => twin(world, declaration, known, { wantsPin: true }),
});

test('an honest one fails nothing', { timeout: 2 * minuteMs }, async () => {
  const proof = await prove(place, { seed: 5, faults: [], apiOnly: false, budgetCommands: 3_000 });
  const others = [...proof.verdicts].filter(([, { kind }]) => kind !== 'pass' && kind !== 'not-applicable');
  expect(others.map(([id, { kind }]) => [id, kind])).toEqual([['IDEM-004', 'pass-with-observation']]);
  expect(proof.verdicts.size).toBeGreaterThan(55);
});

/** What shows by its operations, which carry a code here; and a clear that is answered and not done. */
const seenBy = {
  'api-opens-through-privacy': 'OFF-008',
  'clear-acknowledged-not-done': 'REV-009',
  'lockout-ignored': 'LINK-001',
  'stated-time-ignored': 'STATE-010',
} as const;

describe('what is wrong with it is seen', () => {
  test.each(Object.entries(seenBy))('%s', { timeout: 2 * minuteMs }, async (name, id) => {
    const options = { seed: 1, apiOnly: false, budgetCommands: 3_000, early: true, only: [id] };
    const proof = await prove(place, { ...options, faults: all.filter((fault) => fault.name === name) });
    expect([...proof.detected.keys()]).toEqual([id]);
  });
});
