import { describe, test } from 'vitest';
import { fixtureBoard } from '../fixture/face.ts';
import { notedFixture } from '../fixture/line.fixture.ts';
import { realClock } from '../rig/clock.ts';
import { servePty } from '../rig/pty.ts';
import { certify } from './certify.ts';
import { referenceProcess } from './rig.fixture.ts';

describe('a bench that is not to be believed', { timeout: 120_000 }, () => {
  test('makes what rests on its fixture inconclusive, and leaves the rest as it is', async ({ expect, skip }) => {
    const rig = await referenceProcess(null);
    if (typeof rig === 'string') return skip(rig);
    const clock = realClock();
    const noted = notedFixture(clock);
    // Whatever it is asked, it says that the bolt is unlocked and the code was accepted.
    const liar = {
      ...noted.fixture,
      can: new Set(['present', 'turn', 'block'] as const),
      sees: new Set(['bolt', 'keypad'] as const),
    };
    const pty = await servePty(fixtureBoard(liar, { name: 'liar', boot: '1' }, clock));
    try {
      if (pty.kind === 'missing') return skip(pty.why);
      const { outcomes, troubles, certificate } = await certify({
        target: { ...rig.target, plant: { port: pty.path, baud: 115_200 } },
        profile: 'quick',
        seed: 1,
        only: ['LINK-001', 'AUTH-001'],
        onEvent: () => undefined,
        signal: new AbortController().signal,
        budget: { shrink: 0 },
      });
      expect(outcomes.map(({ id, verdict }) => [id, verdict?.kind])).toEqual([
        ['AUTH-001', 'pass'],
        ['LINK-001', 'inconclusive'],
      ]);
      expect(troubles.join()).toContain('the fixture at the door is not fit, before the run: a hand turned the bolt to locked');
      expect(certificate.given).toBe(false);
    } finally {
      if (pty.kind === 'open') await pty.close();
      await rig.close();
    }
  });

  test('a port where nobody answers is told with the next step, before anything is touched', async ({ expect, skip }) => {
    const rig = await referenceProcess(null);
    if (typeof rig === 'string') return skip(rig);
    try {
      const run = certify({
        target: { ...rig.target, plant: { port: '/dev/lockproof-none', baud: 115_200 } },
        profile: 'quick',
        seed: 1,
        onEvent: () => undefined,
        signal: new AbortController().signal,
      });
      await expect(run).rejects.toThrow(
        'the plant does not answer: there is no such port; see the ports in reach with: lockproof targets scan',
      );
    } finally {
      await rig.close();
    }
  });
});
