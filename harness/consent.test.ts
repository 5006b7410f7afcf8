import { describe, test, vi } from 'vitest';
import { vendor } from '../drivers/reference/index.ts';
import { certify, chosen } from './certify.ts';
import { loadTarget, type Target } from './target.ts';

/** What happened at every lock that a run was given: turns of the bolt, and requests that replace what others own. */
async function certified(consent: Target['consent'], only?: readonly string[]) {
  const loaded = loadTarget(`${import.meta.dirname}/../targets/reference-twin.yaml`, {});
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  let moved = 0;
  const wiped: string[] = [];
  const simulated = vendor as { twin: NonNullable<typeof vendor.twin> };
  const make = simulated.twin;
  const spy = vi.spyOn(simulated, 'twin').mockImplementation(async (...given) => {
    const twin = await make(...given);
    twin.fixture.watch(() => (moved += 1));
    return {
      ...twin,
      fetch: (request) => {
        if (/\/(replacement|firmware)$/.test(request.url)) wiped.push(request.url);
        return twin.fetch(request);
      },
    };
  });
  const target = { ...loaded.target, consent };
  const budget = { commands: 150, shrink: 0 };
  const { signal } = new AbortController();
  const options = { target, profile: 'certification', seed: 1, budget, onEvent: () => undefined, signal } as const;
  const result = await certify({ ...options, ...(only && { only }) });
  spy.mockRestore();
  return { ...result, moved, wiped };
}

const why = (what: string): string => `no consent: ${what} is not set in the target file`;

describe('without consent', () => {
  test('nothing moves and nothing is wiped; what needs it is said not to be testable', async ({ expect }) => {
    const { outcomes, certificate, moved, wiped } = await certified({ mayMove: false, mayWipe: false });
    expect({ moved, wiped }).toEqual({ moved: 0, wiped: [] });
    const said = new Map(outcomes.map(({ id, verdict }) => [id, verdict]));
    let needing = 0;
    for (const { id, needsConsent } of await chosen('certification')) {
      if (needsConsent.length === 0) continue;
      needing += 1;
      expect(said.get(id), id).toEqual({ kind: 'not-testable', missing: why(needsConsent[0] ?? '') });
    }
    expect(needing).toBeGreaterThan(10);
    expect(outcomes.filter(({ verdict }) => verdict?.kind === 'fail').map(({ id }) => id)).toEqual([]);
    expect(outcomes.some(({ verdict }) => verdict?.kind === 'pass')).toBe(true);
    expect(certificate.given).toBe(false);
  });

  test('with consent to move alone: the bolt moves, and nothing is wiped', async ({ expect }) => {
    const wiping = (await chosen('certification')).filter(({ needsConsent }) => needsConsent.includes('mayWipe'));
    const only = ['ALL-001', 'STATE-001', ...wiping.map(({ id }) => id)];
    const { outcomes, moved, wiped } = await certified({ mayMove: true, mayWipe: false }, only);
    expect(moved).toBeGreaterThan(10);
    expect(wiped).toEqual([]);
    expect(outcomes.flatMap(({ verdict }) => (verdict?.kind === 'not-testable' ? [verdict.missing] : []))).toContain(
      why('mayWipe'),
    );
  });
});
