import { describe, test } from 'vitest';
import { referenceProcess } from './rig.fixture.ts';
import { verdictsOf } from './verdicts.fixture.ts';

/** What takes days: without a bench whose time can be moved it is not testable, and a certificate not to be had. */
const ids = ['TIME-007', 'TIME-008', 'TLS-008'];

async function verdicts(fault: string | null, only: readonly string[], ...how: readonly string[]) {
  const rig = await referenceProcess(fault, ...how);
  if (typeof rig === 'string') return rig;
  try {
    return await verdictsOf({ target: rig.target, profile: 'certification', only });
  } finally {
    await rig.close();
  }
}

describe('a rig whose fixture moves the time of platform and lock', { timeout: 300_000 }, () => {
  test('what takes days is judged, and passes on an honest lock', async ({ expect, skip }) => {
    const told = await verdicts(null, ids, '--movable-time');
    if (typeof told === 'string') return skip(told);
    expect(told).toEqual(Object.fromEntries(ids.map((id) => [id, 'pass'])));
  });

  for (const [fault, id] of [
    ['recurrence-by-utc', 'TIME-008'],
    ['webhook-given-up-untold', 'TLS-008'],
  ] as const)
    test(`${fault} fails ${id}`, async ({ expect, skip }) => {
      const told = await verdicts(fault, [id], '--movable-time');
      if (typeof told === 'string') return skip(told);
      expect(told).toEqual({ [id]: 'fail' });
    });

  test('without it nothing is said of them', async ({ expect, skip }) => {
    const told = await verdicts(null, ids);
    if (typeof told === 'string') return skip(told);
    expect(told).toEqual(Object.fromEntries(ids.map((id) => [id, 'not-testable'])));
  });
});
