import { beforeAll, describe, expect, test } from 'vitest';
import type { Certified } from './certification.ts';
import { certify } from './certify.ts';
import { certificateOf } from './conclusions.ts';
import { engine } from './engine.ts';
import { osdpTarget } from './osdp.fixture.ts';
import { onTcp } from './osdp-tcp.fixture.ts';

/** What a wired reader needs for a mark: its fixture is at keypad and plug, and there is no API. */
describe('a healthy reader', () => {
  let certified: Certified;
  beforeAll(async () => {
    const run = { target: osdpTarget('twin'), profile: 'certification', seed: 1, budget: { shrink: 0 } } as const;
    certified = await certify({ ...run, onEvent: () => undefined, signal: new AbortController().signal });
  });

  test('gets the Device mark, and nobody looks for a handle inside', () => {
    expect(certified.certificate).toEqual({ mark: 'device', given: true, exitCode: 0, reasons: [] });
    const handle = certified.outcomes.find(({ id }) => id === 'OFF-006')?.verdict;
    expect(handle).toMatchObject({ kind: 'not-applicable', lacking: 'inside-handle' });
  });

  test('that nobody observes gets none, and is told why and what to do', () => {
    expect(certificateOf(certified.outcomes, 'api')).toMatchObject({
      given: false,
      exitCode: 2,
      reasons: [
        expect.stringMatching(/^the 1\d that passed count for the Device mark, .*: name a fixture in the target file, plant:/),
      ],
    });
  });

  test('that a run did not leave as it found it gets none: somebody has to go there', () => {
    expect(certificateOf(certified.outcomes, 'device', { isAsFound: false })).toEqual({
      mark: 'device',
      given: false,
      exitCode: 2,
      reasons: ['the target was not left as it was found: look at what the run tells of it'],
    });
  });

  test('of which nothing was tried is told so', () => {
    for (const mark of ['api', 'device'] as const) expect(certificateOf([], mark).reasons).toEqual(['nothing passed']);
  });
});

test('the check of a target says who looks at a reader, and that nobody does', async () => {
  const said = async (target: Parameters<typeof engine.checkTarget>[0]) =>
    (await engine.checkTarget(target)).find(({ what }) => what === 'lock observed');
  expect(await said(osdpTarget('twin'))).toMatchObject({ ok: true, detail: 'bolt sensor, door sensor' });
  await onTcp(
    () => null,
    async (target) => {
      const nobody = { ok: false, detail: 'nobody: no mark can be given' };
      expect(await said(target)).toMatchObject({ ...nobody, next: expect.stringContaining('plant: {') });
      const consent = { mayMove: false, mayWipe: false };
      expect(await said({ ...target, consent })).toMatchObject({ ...nobody, next: 'set consent.mayMove: true' });
      const link = (await engine.checkTarget({ ...target, consent })).find(({ what }) => what === 'lock’s own link');
      expect(link).toMatchObject({ ok: false, next: 'set consent.mayMove: true' });
    },
  );
});

test('of a reader that is not reached, what OSDP has no words for is not applicable all the same', async () => {
  await onTcp(
    () => null,
    async ({ device, ...target }) => {
      if (!device || !('scbk' in device)) throw new Error('no reader');
      const only = ['LINK-002', 'LINK-005', 'LINK-007', 'LINK-009', 'LINK-010', 'LINK-021', 'OFF-006'];
      const { outcomes, troubles, certificate } = await certify({
        target: { ...target, device: { ...device, port: 'tcp:127.0.0.1:1' } },
        profile: 'certification',
        seed: 1,
        only,
        onEvent: () => undefined,
        signal: new AbortController().signal,
      });
      expect(outcomes.map(({ verdict }) => verdict?.kind)).toEqual([
        'not-testable',
        ...only.slice(1).map(() => 'not-applicable'),
      ]);
      expect(certificate.reasons).toContain('nothing could be tried: the lock’s own link is not in reach');
      expect(troubles).toEqual([expect.stringMatching(/^the lock’s own link cannot be used: there is no such port: check port/)]);
    },
  );
});
