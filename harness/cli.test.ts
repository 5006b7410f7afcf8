import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';

const root = join(import.meta.dirname, '..');
const limitMs = 20_000;

/** Runs the program as people do, in a process of its own. */
function lockproof(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'harness/cli.ts'), ...argv], {
    cwd: root,
    env: { ...process.env, ...env },
    timeout: limitMs,
  });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...text })));
}

const test = base.extend('folder', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-child-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

test('help, version and lists in a process of their own', async ({ expect }) => {
  const [help, version, profiles, targets] = await Promise.all([
    lockproof(['--help']),
    lockproof(['--version']),
    lockproof(['list', 'profiles', '--json']),
    lockproof(['list', 'targets']),
  ]);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('Exit codes:');
  const { version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(version).toEqual({ code: 0, out: `${own}\n`, err: '' });
  expect((JSON.parse(profiles.out) as { name: string }[]).map((one) => one.name)).toEqual(['quick', 'certification', 'nightly']);
  expect(targets.out).toContain('targets/reference-twin.yaml');
});

test('what goes into a pipe has no colours, also where CI says that it shows them', async ({ expect }) => {
  const { out } = await lockproof(['list', 'requirements'], { CI: 'true' });
  expect(out).toMatch(/^ALL-001 /);
});

test('a bad target file and a missing variable: 3, with line and column and without a stack', async ({ expect, folder }) => {
  const twin = readFileSync(join(root, 'targets/reference-twin.yaml'), 'utf8');
  const file = join(folder, 'door.yaml');
  writeFileSync(file, twin.replace('boltMs:', 'bolltMs:'));
  const line = twin.split('\n').findIndex((text) => text.includes('boltMs:')) + 1;
  const bad = await lockproof(['certify', '--target', file]);
  expect(bad).toMatchObject({ code: 3, out: '' });
  expect(bad.err).toContain(`${file}:${String(line)}:5\n`);
  expect(bad.err).toContain('did you mean boltMs?');
  expect(bad.err).not.toMatch(/\n\s+at /);
  const extra =
    'url: https://door.example\nlocks: [{ id: l1, name: Door }]\naccess: { owner: { secret: env:LOCKPROOF_TEST_SECRET } }';
  writeFileSync(file, twin.replace('bench: twin', 'bench: rig').replace('\nconsent:', `\n${extra}\nconsent:`));
  const missing = await lockproof(['targets', 'check', file], { LOCKPROOF_TEST_SECRET: '' });
  expect(missing.code).toBe(3);
  expect(missing.err).toContain('export LOCKPROOF_TEST_SECRET=…');
});

test(
  'an interruption ends the run after its step: partial results, the rest not run',
  { timeout: 60_000 },
  async ({ expect, folder }) => {
    const argv = ['certify', '--target', 'targets/reference-twin.yaml', '--profile', 'certification', '--json', '--out', folder];
    const child = spawn(process.execPath, [join(root, 'harness/cli.ts'), ...argv], { cwd: root, timeout: 50_000 });
    let out = '';
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      const before = out.includes('"kind":"outcome"');
      out += chunk.toString();
      if (!before && out.includes('"kind":"outcome"')) child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(err).toContain('again to stop at once');
    expect([1, 2]).toContain(code);
    const run = join(folder, readdirSync(folder)[0] ?? '');
    const results = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8')) as {
      run: { status: string };
      outcomes: { status: string }[];
    };
    expect(results.run.status).toBe('interrupted');
    const statuses = results.outcomes.map((one) => one.status);
    expect(statuses).toContain('run');
    expect(statuses).toContain('not-run');
  },
);
