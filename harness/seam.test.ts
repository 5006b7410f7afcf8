import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { maxTraceBytes, readTraceFile } from '../contract/trace-schema.ts';
import { realClock } from '../rig/clock.ts';
import { httpLink } from '../rig/http.ts';
import { serveLink } from '../rig/proxy.ts';
import { seededRandom } from '../simulators/random.ts';
import { throughFaults } from '../simulators/seam-faults/proxy.ts';
import { startSeamFake } from '../scripts/seam-fake.ts';
import { fakeTarget, find, seamFaults } from '../scripts/seam-faults.ts';
import { differences, leastJudged, readReview, reviewFolder } from '../scripts/review.ts';
import { engine } from './engine.ts';

/** A platform that others wrote, live and in process: what fails there was looked at, and defects put before it are found. */

const minuteMs = 60_000;
const clock = realClock();
const review = readReview('seam-fake');
const faults = await seamFaults();
const options = { seed: 1, commands: 150 } as const;

const test = base
  .extend('fake', async ({}, { onCleanup }) => {
    const fake = await startSeamFake();
    onCleanup(() => fake.close());
    return fake;
  })
  // Once for all: what fails and what is judged without a fault.
  .extend('bare', { scope: 'file' }, async () => {
    const fake = await startSeamFake();
    const before = fake.database.access_codes.length;
    const found = await find(fakeTarget(fake.url), options);
    const left = fake.database.access_codes.length - before;
    await fake.close();
    return { ...found, left: [...found.left, ...Array.from({ length: left }, () => 'a code')] };
  })
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lockproof-seam-'));
    onCleanup(() => rmSync(folder, { recursive: true }));
    return folder;
  });

test('what fails has been reviewed, and nothing of ours is left', { timeout: 2 * minuteMs }, ({ expect, bare }) => {
  const known = [...review.failing, ...Object.keys(review.chance)];
  expect([...bare.failing].filter(([id]) => !known.includes(id))).toEqual([]);
  expect(review.failing.filter((id) => !bare.failing.has(id))).toEqual([]);
  expect(bare.judged.length).toBeGreaterThanOrEqual(leastJudged);
  expect(bare.left).toEqual([]);
});

/** What is lost together has to be made within ten milliseconds, which a busy machine may miss. */
const triesOf = (name: string): number => (name === 'feed-skips' ? 3 : 0);

for (const fault of faults)
  test(`${fault.name} is found`, { timeout: minuteMs, retry: triesOf(fault.name) }, async ({ expect, fake, bare }) => {
    const [first = ''] = review.faults[fault.name] ?? [];
    expect(bare.judged).toContain(first);
    expect([...bare.failing.keys()]).not.toContain(first);
    const { failing } = await find(fakeTarget(fake.url), { ...options, only: [first], fault });
    expect([...failing.keys()]).toEqual([first]);
  });

test('a fault on a socket of its own is found as well', { timeout: minuteMs }, async ({ expect, fake }) => {
  const fault = faults.find(({ name }) => name === 'stale-state');
  if (!fault) throw new Error('no such fault');
  const link = httpLink({ url: fake.url });
  const served = await serveLink(throughFaults(link, [fault], seededRandom(1)));
  const { failing } = await find(fakeTarget(served.url), { ...options, only: ['STATE-007', 'SCOPE-006'] });
  await served.close();
  await link.close();
  expect([...failing.keys()]).toEqual(['STATE-007']);
});

const traceOf = (id: string): string => readFileSync(join(reviewFolder, 'traces', `${id}.json`), 'utf8');

for (const id of review.failing)
  test(`${id} fails again when its stored trace is replayed`, { timeout: minuteMs }, async ({ expect, fake }) => {
    const text = traceOf(id);
    expect(text.length).toBeLessThan(Math.min(maxTraceBytes, 100_000));
    const read = readTraceFile(JSON.parse(text));
    if (!read.ok) throw new Error(read.problems.join('; '));
    expect(read.value.requirement).toBe(id);
    const target = fakeTarget(fake.url);
    const signal = new AbortController().signal;
    expect(await engine.replay({ file: read.value, target, signal, onEvent: () => undefined })).toMatchObject({ same: true });
    expect(fake.database.access_codes).toEqual([]);
  });

test('the review tells of each failure and each fault', ({ expect }) => {
  const [page, told] = ['seam-fake.md', 'seam-fake-failures.md'].map((file) => readFileSync(join(reviewFolder, file), 'utf8'));
  if (page === undefined || told === undefined) throw new Error('no review');
  expect([...told.matchAll(/^### ([A-Z]+-\d{3}) /gm)].map(([, id]) => id)).toEqual(review.failing);
  const rows = new Map([...page.matchAll(/^\| ([a-z-]+) \| [^|]+ \| ([^|]+) \|$/gm)].map(([, name, ids]) => [name, ids]));
  // After the head of the table and the line under it.
  expect([...rows.keys()].slice(2)).toEqual(faults.map(({ name }) => name));
  for (const { name } of faults) expect(rows.get(name)).toBe((review.faults[name] ?? []).join(', '));
});

test('what a platform denies to know and shows all the same counts as left', { timeout: minuteMs }, async ({ expect, fake }) => {
  // The verbs of the official SDK: deletions are sent in a way that this platform does not read.
  const { access, ...target } = fakeTarget(fake.url);
  const verbs = { ...target, access: { ...access, owner: { ...access.owner, verbs: 'sdk' } } };
  const { left } = await find(verbs, { ...options, only: ['PROV-005'] });
  expect(left.map((one) => one.split(' ')[1]).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(
    fake.database.access_codes.map((code) => code.access_code_id),
  );
  expect(left.length).toBeGreaterThan(0);
});

/** The command line on this fake, in a process that can be killed. */
function certifyIn(folder: string, url: string, only: readonly string[]) {
  const file = join(folder, 'seam.yaml');
  const text = readFileSync(join(import.meta.dirname, '../targets/seam-fake.yaml'), 'utf8');
  writeFileSync(file, text.replace(/^url: .*$/m, `url: ${url}`));
  const args = ['harness/cli.ts', 'certify', '--target', file, '--out', join(folder, 'runs'), '--seed', '1'];
  return spawn(process.execPath, [...args, '--only', only.join(',')], { cwd: join(import.meta.dirname, '..'), stdio: 'ignore' });
}

const enoughCodes = 2;
const lookEveryMs = 2;

test('what a killed run left is removed by the next', { timeout: minuteMs }, async ({ expect, fake, folder }) => {
  const killed = certifyIn(folder, fake.url, ['RES-001', 'TIME-002']);
  const ended = once(killed, 'exit');
  while (fake.database.access_codes.length < enoughCodes && killed.exitCode === null) await clock.sleep(lookEveryMs);
  killed.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(fake.database.access_codes.length).toBeGreaterThanOrEqual(enoughCodes);
  expect(await once(certifyIn(folder, fake.url, ['SCOPE-006']), 'exit')).toEqual([2, null]);
  expect(fake.database.access_codes).toEqual([]);
});

const outcome = (id: string, failed: boolean) => ({
  id,
  area: 'all' as const,
  level: 'must' as const,
  mark: 'api' as const,
  text: '',
  source: '',
  status: 'run' as const,
  verdict: failed
    ? { kind: 'fail' as const, why: 'it broke', expected: '', atEntry: 0, witnessed: 1 }
    : { kind: 'pass' as const, witnessed: 1 },
  commands: 1,
  attempts: [],
  counterexample: null,
});
const results = (failed: readonly string[], passed: number, left: readonly string[] = []) => ({
  run: { status: 'finished' as const },
  outcomes: [
    ...failed.map((id) => outcome(id, true)),
    ...Array.from({ length: passed }, (_, i) => outcome(`RES-${100 + i}`, false)),
  ],
  cleanup: { created: 1, removed: 1, left: [...left] },
  troubles: [],
});

test('a run that is not as reviewed is told from one that is', ({ expect }) => {
  const only = { failing: ['ALL-003'], chance: { 'TIME-003': 'sometimes' } };
  expect(differences(only, results(['ALL-003'], 11))).toEqual([]);
  expect(differences(only, results(['ALL-003', 'TIME-003'], 11))).toEqual([]);
  expect(differences(only, results(['ALL-003', 'REV-001'], 11))).toEqual(['REV-001 failed and is not in the review: it broke']);
  expect(differences(only, results([], 12))).toEqual([
    'ALL-003 is in the review as failing and came out as unknown to the catalogue',
  ]);
  expect(differences(only, results(['ALL-003'], 3))).toEqual(['only 4 requirements were judged by what was seen, wanted 12']);
  expect(differences(only, results(['ALL-003'], 11, ['grant g']))).toEqual(['left on the target: grant g']);
});
