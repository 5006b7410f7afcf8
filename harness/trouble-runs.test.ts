import { join } from 'node:path';
import { describe } from 'vitest';
import { realClock } from '../rig/clock.ts';
import { throwAwayTls, type TlsFlaws } from '../rig/tls.ts';
import { floods, misbehaving, misbehaviours, nobodyThere, stranger } from '../rig/misbehaving.fixture.ts';
import { lockproof, onlyRun, resultsOf, filesIn, test } from './run.fixture.ts';
import { type Place, quickDeclaration, serveTwin, targetFile } from './served.fixture.ts';

/** Short, so that silence costs little; long enough for a machine that is busy with other tests. */
const callMs = 150;
const answering = (ms: number): ReturnType<typeof quickDeclaration> => {
  const quick = quickDeclaration();
  return { ...quick, timing: { ...quick.timing, callMs: ms } };
};
const declaration = answering(callMs);
/** For what is told by a handshake: several of them at once take long on a busy machine, and nobody waits for the end of it. */
const patient = answering(5_000);
/** Few commands: a create, its repeat, a list, a removal. */
const only = 'IDEM-004';
/** A dozen of them go on at once. */
const longestRunMs = 40_000;
const mib = 1024 * 1024;
const clock = realClock();

async function certified(folder: string, place: Place, declared = declaration) {
  const file = targetFile(folder, place, { declaration: declared });
  const runs = join(folder, 'runs');
  const startMs = clock.nowMs();
  const said = await lockproof(['certify', '--target', file, '--seed', '1', '--only', only, '--out', runs], {
    env: { DOOR_SECRET: 'cs_from_outside' },
  });
  const tookMs = clock.nowMs() - startMs;
  const run = onlyRun(runs);
  return { ...said, tookMs, results: resultsOf(run), files: [...filesIn(run).keys()] };
}

const reports = ['events.ndjson', 'junit.xml', 'report.html', 'results.json', 'summary.txt'];

describe.concurrent('a platform that misbehaves: the run comes to its end, and passes nothing', () => {
  for (const [name, answer] of Object.entries(misbehaviours))
    test(name, async ({ expect, folder }) => {
      const platform = await misbehaving(answer);
      const { code, err, tookMs, results, files } = await certified(folder, platform);
      await platform.close();
      expect(platform.asked()).toBeGreaterThan(0);
      expect([1, 2]).toContain(code);
      expect(err).toBe('');
      expect(tookMs).toBeLessThan(longestRunMs);
      expect(results.run.status).toBe('finished');
      expect(results.certificate).toMatchObject({ given: false, exitCode: code });
      for (const { verdict } of results.outcomes) expect(['fail', 'inconclusive']).toContain(verdict?.kind);
      expect(files).toEqual(expect.arrayContaining(reports));
    });
});

describe.concurrent('a platform that is not reached: said so, and nothing is judged', () => {
  const flawed = (flaws: TlsFlaws) => async (): Promise<Place & { close?(): Promise<void> }> => serveTwin({ flaws, declaration });
  const unknownName = async (): Promise<Place> => ({
    ...(await nobodyThere()),
    url: 'https://no-such-host.invalid',
    access: { owner: { clientId: 'env:DOOR_SECRET', clientSecret: 'env:DOOR_SECRET' } },
  });
  const cases: readonly [string, () => Promise<Place & { close?(): Promise<void> }>, RegExp][] = [
    ['nobody listens', nobodyThere, /nobody listens there/],
    ['the name is unknown', unknownName, /name does not resolve/],
    ['an expired certificate', flawed({ expired: true }), /certificate is not acceptable/],
    ['a certificate for somebody else', flawed({ hosts: ['elsewhere.example'] }), /certificate is not acceptable/],
    [
      'an authority that is not ours',
      async () => ({ ...(await serveTwin()), caPem: (await throwAwayTls()).caPem }),
      /certificate/,
    ],
    ['another protocol', () => stranger('SSH-2.0-OpenSSH_9.9\r\n'), /speaks no HTTP/],
    ['somebody who says nothing', () => stranger(undefined), /no answer in the declared time/],
  ];
  for (const [name, place, trouble] of cases)
    test(name, async ({ expect, folder }) => {
      const platform = await place();
      const isSilent = name === 'somebody who says nothing';
      const { code, results, tookMs } = await certified(folder, platform, isSilent ? declaration : patient);
      await platform.close?.();
      expect(code).toBe(2);
      expect(results.troubles.join('\n')).toMatch(trouble);
      expect(results.outcomes.map(({ verdict }) => verdict?.kind)).toEqual(['inconclusive']);
      expect(results.cleanup).toEqual({ created: 0, removed: 0, left: [] });
      expect(tookMs).toBeLessThan(longestRunMs);
    });
});

describe('a platform that floods: what is read is bounded', () => {
  for (const [name, answer] of Object.entries(floods))
    test(name, async ({ expect, folder }) => {
      const platform = await misbehaving(answer);
      const beforeBytes = process.memoryUsage().rss;
      const { code, results, tookMs } = await certified(folder, platform);
      const grownBytes = process.memoryUsage().rss - beforeBytes;
      await platform.close();
      expect([1, 2]).toContain(code);
      for (const { verdict } of results.outcomes) expect(['fail', 'inconclusive']).toContain(verdict?.kind);
      // Some more than the limit is on its way before the connection is cut.
      expect(platform.sentBytes() / platform.asked()).toBeLessThan(12 * mib);
      expect(grownBytes).toBeLessThan(300 * mib);
      expect(tookMs).toBeLessThan(longestRunMs);
    });
});
