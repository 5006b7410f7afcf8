import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test as base } from 'vitest';
import type { RunResults } from '../contract/results.ts';
import { hostileResults, sampleResults } from '../reports/sample.ts';
import { runCommandLine } from './command-line.ts';
import type { Engine, RunEvent } from './engine-face.ts';
import { TargetTrouble } from './bench.ts';
import type { ExitCode } from './surroundings.ts';

const twin = join(import.meta.dirname, '../targets/reference-twin.yaml');
const twinText = readFileSync(twin, 'utf8');

/** An engine that tells prepared results and counts what it was asked. */
function tellingEngine(results: RunResults, override: Partial<Engine> = {}): Engine {
  const planned = results.outcomes.map(({ id, area, level, mark, text, source }) => ({ id, area, level, mark, text, source }));
  const judged = planned.map((one) => ({
    ...one,
    abilities: [],
    commands: [],
    observations: [],
    means: [],
    quick: true,
    needsConsent: [],
  }));
  const feed = { act: async () => undefined };
  return {
    async certify({ onEvent }) {
      const run = { ...results.run, status: 'running' as const, endedAt: null };
      onEvent({ kind: 'start', run, target: results.target, mark: results.certificate.mark, planned });
      onEvent({ kind: 'phase', text: 'driving' });
      for (const outcome of results.outcomes) onEvent({ kind: 'outcome', outcome });
      onEvent({ kind: 'end', results });
      return results;
    },
    replay: async () => ({
      same: true,
      attempts: 1,
      verdict: { kind: 'fail', why: 'it opened', expected: 'denied', atEntry: 1, witnessed: 1 },
    }),
    checkTarget: async () => [{ what: 'sign in', ok: false, detail: 'refused\u001b[31m', next: 'check the access' }],
    catalogue: async () => judged.map((one) => ({ ...one, feed, judge: () => ({ kind: 'inconclusive', why: '' }) })),
    faults: async () => [{ name: 'late-event', sentence: 'Events come late.', defects: ['D1'] }],
    ...override,
  };
}

interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

async function say(engine: Engine, argv: readonly string[], secrets: string[] = [], isTty = false): Promise<Said> {
  const text = { out: '', err: '' };
  const code = await runCommandLine(argv, {
    terminal: {
      out: (more) => void (text.out += more),
      err: (more) => void (text.err += more),
      isTty,
      columns: 100,
      hasColor: false,
    },
    engine: async () => engine,
    env: {},
    signal: new AbortController().signal,
    version: '9.9.9',
    secrets,
  });
  return { code, ...text };
}

const test = base.extend('folder', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-cli-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

const sample = sampleResults();
// eslint-disable-next-line no-control-regex -- they are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2066]/;

describe('certify', () => {
  test('a run leaves events, results and reports in a folder of its own', async ({ expect, folder }) => {
    const flags = ['certify', '--target', twin, '--seed', '7', '--out', folder];
    const said = await say(tellingEngine(sample), flags);
    expect(said).toMatchObject({ code: sample.certificate.exitCode, err: '' });
    for (const { id } of sample.outcomes) expect(said.out).toContain(id);
    await say(tellingEngine(sample), flags);
    const [first = '', second = ''] = readdirSync(folder);
    expect(first).toMatch(/^\d{8}T\d{6}Z-reference-twin-quick$/);
    expect(second).not.toBe('');
    expect(readdirSync(join(folder, first)).toSorted()).toEqual([
      'events.ndjson',
      'junit.xml',
      'report.html',
      'results.json',
      'summary.txt',
    ]);
  });

  test('with --json standard output is one event a line, and people read standard error', async ({ expect, folder }) => {
    const said = await say(tellingEngine(sample), ['certify', '--target', twin, '--json', '--out', folder]);
    const events = said.out
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as RunEvent);
    expect(events[0]?.kind).toBe('start');
    expect(events.at(-1)).toEqual({ kind: 'end', results: sample });
    expect(said.err).toContain('report: ');
  });

  test('what the target says cannot steer the terminal', async ({ expect, folder }) => {
    const said = await say(tellingEngine(hostileResults()), ['certify', '--target', twin, '--out', folder]);
    expect(control.test(said.out + said.err)).toBe(false);
  });

  test('on a terminal a running line is shown and taken away', async ({ expect, folder }) => {
    const said = await say(tellingEngine(sample), ['certify', '--target', twin, '--out', folder], [], true);
    expect(said.err).toContain('driving');
    expect(said.err.endsWith('\r\u001b[2K')).toBe(true);
  });

  test('mistakes end with 3, say what to do, and touch nothing', async ({ expect, folder }) => {
    const bad = join(folder, 'bad.yaml');
    writeFileSync(bad, twinText.replace('settleMs:', 'setleMs:'));
    const id = sample.outcomes[0]?.id ?? '';
    const near = `${id.slice(0, -1)}${id.endsWith('9') ? '8' : '9'}`;
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['certify'], "required option '--target <file>'"],
      [['certify', '--target', bad, '--out', folder], 'did you mean settleMs?'],
      [['certify', '--target', twin, '--profile', 'quik'], 'did you mean quick?'],
      [['certify', '--target', twin, '--seed', '-1'], 'is no seed'],
      [['certify', '--target', twin, '--seed', '2147483648'], 'is no seed'],
      [['certify', '--target', twin, '--only', 'XYZZY-1'], 'there is no requirement XYZZY-1'],
      [['certify', '--target', twin, '--only', near], 'there is no requirement'],
      [['certify', '--target', twin, '--only', ','], 'there is no requirement'],
      [['certfy'], 'Did you mean certify?'],
      [['list', 'fault'], 'did you mean faults?'],
      [['report', join(folder, 'none')], 'no such folder'],
      [['report', folder, '--open', 'maybe'], '--open maybe'],
      [['replay', bad, '--target', twin], 'is no stored trace: not JSON'],
      [['replay', join(folder, 'none.json'), '--target', twin], 'cannot be read'],
    ];
    for (const [argv, told] of cases) {
      const said = await say(tellingEngine(sample), argv);
      expect({ argv, ...said }).toMatchObject({ code: 3, out: '' });
      expect(said.err).toContain(told);
      expect(said.err).not.toMatch(/\n\s+at /);
    }
    expect(readdirSync(folder)).toEqual(['bad.yaml']);
  });

  test('a target that names what is not there is no defect, and leaves no folder', async ({ expect, folder }) => {
    const engine = tellingEngine(sample, { certify: () => Promise.reject(new TargetTrouble('there is no vendor x')) });
    const said = await say(engine, ['certify', '--target', twin, '--out', folder]);
    expect(said.code).toBe(3);
    expect(said.err).toContain('there is no vendor x');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a defect of ours is one line and a file, without stack and without secrets', async ({ expect, folder }) => {
    const engine = tellingEngine(sample, { certify: () => Promise.reject(new Error('boom hush-hush-token')) });
    const flags = ['certify', '--target', twin, '--out', folder];
    const said = await say(engine, flags, ['hush-hush-token']);
    expect(said.code).toBe(3);
    expect(said.err).toContain('boom •••');
    const file = /send us (\S+),/.exec(said.err)?.[1] ?? '';
    const details = readFileSync(file, 'utf8');
    rmSync(file);
    expect(details).toMatch(/boom •••\n\s+at /);
    expect(said.err).not.toMatch(/\n\s+at /);
    expect((await say(engine, ['--debug', ...flags], ['hush-hush-token'])).err).toMatch(/boom •••\n\s+at /);
  });
});

describe('the other commands', () => {
  test('lists for people and for machines', async ({ expect }) => {
    for (const what of ['requirements', 'faults', 'profiles', 'targets']) {
      const people = await say(tellingEngine(sample), ['list', what]);
      const machines = await say(tellingEngine(sample), ['list', what, '--json']);
      const rows: unknown = JSON.parse(machines.out);
      expect(people.code + machines.code).toBe(0);
      expect(Array.isArray(rows) && rows.length).toBe(people.out.trimEnd().split('\n').length);
    }
  });

  test('a check that finds something missing ends with 3 and says what next', async ({ expect }) => {
    const said = await say(tellingEngine(sample), ['targets', 'check', twin]);
    expect(said).toMatchObject({ code: 3, err: '' });
    expect(said.out).toBe('not   sign in: refused\n      next: check the access\n');
    const fine = tellingEngine(sample, {
      checkTarget: async () => [{ what: 'sign in', ok: true, detail: 'answered', next: '' }],
    });
    expect((await say(fine, ['targets', 'check', twin])).code).toBe(0);
  });

  test('a stored trace is replayed: 1 where it fails again', async ({ expect, folder }) => {
    const trace = sample.outcomes.find((one) => one.counterexample)?.counterexample?.trace;
    const file = join(folder, 'REV-001.json');
    const verdict = { kind: 'fail', why: 'it opened', expected: 'denied', atEntry: 1, witnessed: 1 };
    writeFileSync(file, JSON.stringify({ schema: 1, requirement: 'REV-001', ...(trace as object), steps: [], verdict }));
    const said = await say(tellingEngine(sample), ['replay', file, '--target', twin, '--json']);
    expect(said.code).toBe(1);
    expect(JSON.parse(said.out)).toEqual({ requirement: 'REV-001', same: true, verdict, attempts: 1 });
    expect(said.err).toContain('the same again');
    expect(said.err).not.toContain('--only');
    const healed = async () => ({ same: false, attempts: 5, verdict: { kind: 'inconclusive' as const, why: 'no premise' } });
    const other = await say({ ...tellingEngine(sample), replay: healed }, ['replay', file, '--target', twin]);
    expect([other.code, other.out]).toEqual([2, expect.stringContaining('--profile certification --only REV-001')]);
  });

  test('reports are rendered again from results, and from the events of a killed run', async ({ expect, folder }) => {
    await say(tellingEngine(sample), ['certify', '--target', twin, '--out', folder]);
    const run = join(folder, readdirSync(folder)[0] ?? '');
    const page = readFileSync(join(run, 'report.html'), 'utf8');
    for (const name of ['report.html', 'junit.xml']) rmSync(join(run, name));
    expect((await say(tellingEngine(sample), ['report', join(run, 'results.json')])).code).toBe(sample.certificate.exitCode);
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toBe(page);
    const events = readFileSync(join(run, 'events.ndjson'), 'utf8').split('\n').slice(0, 3).join('\n');
    writeFileSync(join(run, 'events.ndjson'), events);
    rmSync(join(run, 'results.json'));
    const said = await say(tellingEngine(sample), ['report', run]);
    expect(said.out).toContain('interrupted');
    expect(JSON.parse(readFileSync(join(run, 'results.json'), 'utf8'))).toMatchObject({ run: { status: 'interrupted' } });
  });

  test('help and version', async ({ expect }) => {
    expect(await say(tellingEngine(sample), ['--version'])).toEqual({ code: 0, out: '9.9.9\n', err: '' });
    for (const argv of [
      ['--help'],
      ['certify', '--help'],
      ['replay', '--help'],
      ['list', '--help'],
      ['targets', 'check', '--help'],
      ['report', '--help'],
    ]) {
      const said = await say(tellingEngine(sample), argv);
      expect(said).toMatchObject({ code: 0, err: '' });
      expect(said.out).toContain('Examples:\n  lockproof ');
    }
    expect(await say(tellingEngine(sample), [])).toMatchObject({ code: 3, out: '' });
  });
});
