import { describe } from 'vitest';
import { noPython, startCloud } from './independent.fixture.ts';
import { test } from './run.fixture.ts';
import { loadTarget } from './target.ts';
import { verdictsOf } from './verdicts.fixture.ts';

/** A platform with its lock and webhooks, written in another language from docs/wire alone: independent/cloud.py. */
const hooks = ['EVT-006', 'TLS-003', 'TLS-004', 'TLS-005', 'TLS-006', 'TLS-007', 'TLS-009'];
/** What it lacks, and what no hand of its fixture does. */
const apart: Readonly<Record<string, string>> = { 'TIME-004': 'not-testable' };
const flaws: Readonly<Record<string, readonly string[]>> = {
  'keeps-code': ['REV-001', 'STATE-008'],
  'no-keys': ['IDEM-001', 'IDEM-002'],
  'no-scopes': ['SCOPE-002', 'SCOPE-004'],
  'no-denials': ['EVT-004', 'EVT-013'],
  'own-cursor-refused': ['PROV-003'],
};
/** What only the certification profile looks for. */
const deepFlaws: Readonly<Record<string, string>> = {
  'new-push-id': 'EVT-006',
  'any-end': 'TLS-003',
  'follows-redirect': 'TLS-007',
  'fresh-state': 'STATE-009',
};

/** Certifies it with a flaw or none: verdicts by requirement, without those that do not apply. */
async function verdicts(
  folder: string,
  flaw: string,
  profile: 'quick' | 'certification',
  only?: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const cloud = await startCloud(folder, flaw);
  try {
    const loaded = loadTarget(cloud.file, {});
    if (loaded.kind !== 'ok') throw new Error(JSON.stringify(loaded));
    const told = await verdictsOf({ target: loaded.target, profile, ...(only && { only }) });
    return Object.fromEntries(Object.entries(told).filter(([, kind]) => kind !== 'not-applicable'));
  } finally {
    await cloud.close();
  }
}

const all = (ids: readonly string[], kind: string): Readonly<Record<string, string>> =>
  Object.fromEntries(ids.map((id) => [id, kind]));

describe('a platform by somebody else', { timeout: 300_000 }, () => {
  test('that follows the documents passes whatever quick can try', async ({ expect, folder, skip }) => {
    if (noPython !== null) return skip(noPython);
    const told = await verdicts(folder, '', 'quick');
    expect(Object.keys(told).length).toBeGreaterThan(65);
    expect(told).toEqual({ ...all(Object.keys(told), 'pass'), ...apart });
  });

  test('passes what only certification looks for', async ({ expect, folder, skip }) => {
    if (noPython !== null) return skip(noPython);
    expect(await verdicts(folder, '', 'certification', [...hooks, 'REV-009', 'STATE-009'])).toEqual(
      all([...hooks, 'REV-009', 'STATE-009'], 'pass'),
    );
  });

  for (const [flaw, failing] of Object.entries(flaws))
    test(`with the flaw “${flaw}” fails ${failing.join(', ')}`, async ({ expect, folder, skip }) => {
      if (noPython !== null) return skip(noPython);
      const asked = [...new Set([...failing, 'PROV-001', 'AUTH-001'])];
      expect(await verdicts(folder, flaw, 'quick', asked)).toEqual({ ...all(asked, 'pass'), ...all(failing, 'fail') });
    });

  for (const [flaw, failing] of Object.entries(deepFlaws))
    test(`with the flaw “${flaw}” fails ${failing}`, async ({ expect, folder, skip }) => {
      if (noPython !== null) return skip(noPython);
      const asked = [failing, 'TLS-004'];
      expect(await verdicts(folder, flaw, 'certification', asked)).toEqual({ ...all(asked, 'pass'), [failing]: 'fail' });
    });
});
