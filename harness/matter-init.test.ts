import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { entering, twoNetworks } from '../rig/networks.ts';
import { startMatterLock } from '../scripts/matter-lock.ts';
import { draftNode, openIn } from './draft-node.ts';
import { lockproof } from './run.fixture.ts';
import { loadTarget } from './target.ts';

/** A lock that is found, asked what it is, and left as it was: what `targets scan` and `targets init` do for one without a platform. */

const folder = mkdtempSync(join(tmpdir(), 'lockproof-matter-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const reviewed = join(import.meta.dirname, '../targets/matter-lock.yaml');
const program = join(import.meta.dirname, 'cli.ts');
const env = { CODE: '3497-011-2332' };
const secret = /3497-?011-?2332/;

/** What `targets scan` tells in the network of a process. */
async function scanned(pid: number): Promise<string> {
  const [command, ...args] = entering(pid);
  const argv = [...args, process.execPath, program, 'targets', 'scan', '--bus', 'unix:path=/nowhere'];
  return (await promisify(execFile)(command, argv, { timeout: 60_000 })).stdout;
}

test(
  'a lock that is open is listed, drafted by what it tells, and open again',
  { timeout: 120_000 },
  async ({ skip, onTestFinished }) => {
    const network = join(folder, 'network');
    const lock = await startMatterLock(join(folder, 'plant'), network);
    if (typeof lock === 'string') return skip(lock);
    onTestFinished(() => lock.close());
    const found = await scanned(lock.network);
    expect(found).toMatch(/^Matter node {2}door lock .*discriminator 3840, open by its printed code$/m);
    expect(found).toContain('targets init FILE --setup-code-env');

    const file = join(folder, 'bench.yaml');
    const name = `test-init-${process.pid}`;
    const argv = ['targets', 'init', file, '--setup-code-env', 'CODE', '--network', network, '--name', name];
    const said = await lockproof(argv, { env });
    expect([said.code, said.err]).toEqual([0, '']);
    expect(said.out).toContain('well  lock: matter.js DoorLockServer 0.17.9; it lets us in; door lock at endpoint 1');
    expect(said.out).toMatch(/well {2}left to you: \d+ answers: zone, .*timing\.callMs.*safety\.failMode.*events\n/);
    const text = readFileSync(file, 'utf8');
    expect(`${said.out}${text}`).not.toMatch(secret);

    // What is left is what somebody has to answer: then it is a target, and declares nothing but what the reviewed one does.
    const loaded = loadTarget(file, env);
    const fields = loaded.kind === 'trouble' ? loaded.troubles.map(({ field }) => field.replace('declaration.', '')) : [];
    expect(fields.toSorted()).toEqual(openIn(text).toSorted());
    const ours = (parse(readFileSync(reviewed, 'utf8')) as { declaration: Record<string, unknown> }).declaration;
    const drafted = parse(text) as { declaration: Record<string, unknown> };
    const unlike = (['abilities', 'limits', 'timing', 'api'] as const).flatMap((part) => {
      const [told, known] = [drafted.declaration[part], ours[part]] as Record<string, unknown>[];
      const differs = ([key, value]: [string, unknown]): boolean =>
        (typeof value === 'number' || value === true) && key !== 'pushRetryMs' && value !== known?.[key];
      return Object.entries(told ?? {}).flatMap((one) => (differs(one) ? [`${part}.${one[0]}`] : []));
    });
    expect(unlike).toEqual([]);
    writeFileSync(file, stringify({ ...drafted, declaration: ours }));
    expect(loadTarget(file, env)).toMatchObject({
      kind: 'ok',
      target: { vendor: 'matter', locks: [{ id: '1', name: 'Bench door' }] },
    });

    const again = await lockproof(argv, { env });
    expect([again.code, again.out]).toEqual([3, '']);
    expect(again.err).toContain('is there already');
    // It starts anew when its last administrator has left.
    await expect.poll(() => scanned(lock.network), { timeout: 40_000, interval: 100 }).toContain('open by its printed code');
  },
);

test(
  'where no lock is open that is said, and no draft is written unless it is wanted',
  { timeout: 90_000 },
  async ({ skip, onTestFinished }) => {
    const networks = await twoNetworks();
    if (networks.kind === 'missing') return skip(networks.why);
    onTestFinished(() => networks.close());
    const found = await scanned(networks.pid);
    expect(found).toContain('no lock in this network lets an administrator in now');
    expect(found).toContain('next: turn on pairing mode');
    const file = join(folder, 'nobody.yaml');
    const nowhere = ['--setup-code-env', 'CODE', '--network', join(folder, 'none'), '--name', `test-init-none-${process.pid}`];
    const said = await lockproof(['targets', 'init', file, ...nowhere], { env });
    expect(said.code).toBe(3);
    expect(said.out).toContain('not   lock: there is no network in what the target file names');
    expect(existsSync(file)).toBe(false);
    expect((await lockproof(['targets', 'init', file, ...nowhere, '--anyway', '--json'], { env })).code).toBe(0);
    expect(openIn(readFileSync(file, 'utf8'))).toContain('limits.users');
  },
);

test('mistakes are told with the next step, before anybody is asked, and no code is repeated', async () => {
  const file = join(folder, 'x.yaml');
  const there = join(folder, 'there.yaml');
  writeFileSync(there, '');
  for (const [at, argv, what] of [
    [file, [], 'nothing is named that could be looked at'],
    [file, ['--setup-code-env', 'CODE', '--url', 'https://platform.example'], '--url is for what has a platform'],
    [file, ['--setup-code-env', '34970112332'], '--setup-code-env: not the name of a variable'],
    [file, ['--setup-code-env', 'NONE'], 'the environment has no NONE'],
    [file, ['--setup-code-env', 'SHORT'], 'what SHORT holds is no setup code'],
    [file, ['--setup-code-env', 'CODE', '--name', 'Front Door'], 'small letters, digits and single hyphens'],
    [there, ['--setup-code-env', 'CODE'], 'is there already'],
  ] as const) {
    const said = await lockproof(['targets', 'init', at, ...argv], { env: { ...env, SHORT: '3497-011-233' } });
    expect([said.code, said.out]).toEqual([3, '']);
    expect(said.err).toContain(what);
    expect(said.err).toContain('next: ');
    expect(said.err).not.toMatch(/3497-?011/);
  }
});

test('what a lock calls itself is text and nothing else', () => {
  const hostile = '"}\nconsent: { mayMove: true }\u001b[2J\u2028# ~';
  const text = draftNode({
    name: 'a',
    vendor: 'matter',
    setupCodeEnv: 'CODE',
    network: null,
    plant: null,
    locks: [
      { id: '1', name: hostile },
      { id: '2', name: hostile },
    ],
    declared: new Map([
      ['vendor', hostile],
      ['firmware', hostile],
    ]),
  });
  expect(parse(text)).toMatchObject({
    locks: [],
    consent: { mayMove: false },
    declaration: { vendor: hostile, firmware: [hostile] },
  });
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((one) => one.startsWith('consent'))).toEqual(['consent:']);
});
