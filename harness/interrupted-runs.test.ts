import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { realClock } from '../rig/clock.ts';
import { misbehaving, misbehaviours } from '../rig/misbehaving.fixture.ts';
import { leftovers } from './journal.ts';
import { lockproof, onlyRun, resultsOf, type Running, started, test } from './run.fixture.ts';
import { quickDeclaration, serveTwin, type Tap, targetFile } from './served.fixture.ts';

const limitMs = 120_000;
const outcomeLine = '"kind":"outcome"';

/** Whether the only run below `runs` has told an outcome yet. */
function hasOutcome(runs: string): boolean {
  const [name] = readdirSync(runs);
  return name !== undefined && readFileSync(join(runs, name, 'events.ndjson'), 'utf8').includes(outcomeLine);
}

describe('killed', () => {
  test(
    'what was judged stays readable, and the next run removes what the dead one left',
    { timeout: limitMs },
    async ({ expect, folder }) => {
      const runs = join(folder, 'first');
      let running: Running | undefined;
      let answered = 0;
      // The platform has made a grant, and the run dies before it hears of it: one more is there that it knows of.
      const tap: Tap = async (request, answer) => {
        const reply = await answer();
        const makes = request.method === 'POST' && request.url.endsWith('/v1/grants') && reply.status < 300;
        if (makes && running && hasOutcome(runs) && ++answered === 2) {
          running.send('SIGKILL');
          await running.ended;
        }
        return reply;
      };
      const platform = await serveTwin({ tap });
      const file = targetFile(folder, platform);
      running = started(['certify', '--target', file, '--seed', '1', '--only', 'IDEM-004,PROV-001', '--out', runs]);
      const { code } = await running.ended;
      expect(code).toBeNull();
      const dead = onlyRun(runs);
      const journal = join(dead, 'journal.ndjson');
      expect((await platform.left()).length).toBeGreaterThan(1);
      expect(leftovers(journal).some(({ id }) => id === null)).toBe(true);
      expect(leftovers(journal).some(({ id }) => id !== null)).toBe(true);

      const told = await lockproof(['report', dead]);
      expect(told).toMatchObject({ code: 2, err: '' });
      expect(told.out).toContain('the run was interrupted before its end');
      const partial = resultsOf(dead);
      expect(partial.run).toMatchObject({ status: 'interrupted', endedAt: null });
      expect(partial.outcomes.map(({ id, status }) => [id, status])).toEqual([
        ['IDEM-004', 'run'],
        ['PROV-001', 'not-run'],
      ]);
      expect(partial.cleanup.left.length).toBeGreaterThan(1);

      running = undefined;
      const next = await lockproof(['certify', '--target', file, '--seed', '2', '--only', 'IDEM-004', '--out', runs]);
      expect(next.out).toContain('1 passed, 0 failed, 0 skipped');
      expect(await platform.left()).toEqual([]);
      expect(leftovers(journal)).toEqual([]);
      await platform.close();
    },
  );

  test('on the soft bench too', { timeout: limitMs }, async ({ expect, folder }) => {
    const runs = join(folder, 'runs');
    const running = started(['certify', '--target', 'targets/reference-soft.yaml', '--seed', '1', '--out', runs]);
    await running.printed(' ALL-001 ');
    running.send('SIGKILL');
    await running.ended;
    const told = await lockproof(['report', onlyRun(runs)]);
    expect(told.code).toBe(2);
    expect(told.out).toMatch(/requirements were not run/);
    expect(resultsOf(onlyRun(runs)).outcomes.find(({ id }) => id === 'ALL-001')).toMatchObject({ status: 'run' });
  });
});

describe('interrupted', () => {
  test(
    'ends in order: results readable, everything removed; meanwhile nobody else gets the door',
    { timeout: limitMs },
    async ({ expect, folder }) => {
      const platform = await serveTwin();
      const file = targetFile(folder, platform);
      const runs = join(folder, 'runs');
      const first = started(['certify', '--target', file, '--seed', '1', '--out', runs]);
      await first.printed(' ALL-002 ');
      const second = await started(['certify', '--target', file, '--seed', '2', '--out', runs]).ended;
      expect(second).toMatchObject({ code: 3, out: '' });
      expect(second.err).toMatch(/served-twin is held by process \d+ since .*\n {2}next: wait until that run has ended/);
      first.send('SIGINT');
      await first.printed('finishing the current step');
      const { code, out, err } = await first.ended;
      expect(code).toBe(2);
      expect(err).not.toContain('defect');
      expect(out).toContain('report: ');
      const results = resultsOf(onlyRun(runs));
      expect(results.run.status).toBe('interrupted');
      expect(results.outcomes.map(({ verdict }) => verdict?.kind)).not.toContain('fail');
      expect(results.outcomes.filter(({ status }) => status === 'not-run').length).toBeGreaterThan(10);
      expect(results.cleanup.left).toEqual([]);
      expect(await platform.left()).toEqual([]);
      // The door is free again.
      const third = await lockproof(['certify', '--target', file, '--seed', '3', '--only', 'IDEM-004', '--out', runs]);
      expect(third.code).toBe(2);
      await platform.close();
    },
  );

  test('twice: at once, whatever the platform keeps waiting', { timeout: limitMs }, async ({ expect, folder }) => {
    const { 'never answers': silence } = misbehaviours;
    if (!silence) throw new Error('there is no silent platform');
    const platform = await misbehaving(silence);
    const quick = quickDeclaration();
    const declaration = { ...quick, timing: { ...quick.timing, callMs: 600_000 } };
    const file = targetFile(folder, platform, { declaration });
    const running = started(['certify', '--target', file, '--only', 'IDEM-004', '--out', join(folder, 'runs')]);
    while (platform.asked() === 0) await realClock().sleep(20);
    running.send('SIGINT');
    await running.printed('finishing the current step');
    running.send('SIGINT');
    expect((await running.ended).code).toBe(130);
    await platform.close();
  });
});
