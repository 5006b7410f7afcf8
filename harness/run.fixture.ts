import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test as plain } from 'vitest';
import { readResults } from '../reports/json.ts';
import type { RunResults } from '../contract/results.ts';
import { runCommandLine } from './command-line.ts';
import type { Engine } from './engine-face.ts';
import { engine as real } from './engine.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

/** What one command told and how it ended. */
export interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** What is not as usual: another engine than the real one, an environment. */
interface Otherwise {
  readonly engine?: Engine;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one command in this process. */
export const lockproof = (argv: readonly string[], otherwise: Otherwise = {}): Promise<Said> =>
  told((around) => runCommandLine(argv, around), otherwise);

/** What a command tells that is given its surroundings, and how it ended. */
export async function told(
  command: (around: Surroundings) => Promise<ExitCode>,
  { engine = real, env = {} }: Otherwise = {},
): Promise<Said> {
  const text = { out: '', err: '' };
  const code = await command({
    terminal: {
      out: (more) => void (text.out += more),
      err: (more) => void (text.err += more),
      isTty: false,
      columns: 120,
      hasColor: false,
    },
    engine: async () => engine,
    env,
    signal: new AbortController().signal,
    version: '0.0.0',
    secrets: [],
  });
  return { code, ...text };
}

/** Every file below a folder, by its path from there. */
export function filesIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}

/** The folder of the only run below `runs`. */
export function onlyRun(runs: string): string {
  const [name, second] = readdirSync(runs);
  if (name === undefined || second !== undefined) throw new Error(`${runs} holds not exactly one run`);
  return join(runs, name);
}

/** The results of a run; throws for those that break their schema. */
export function resultsOf(run: string): RunResults {
  const read = readResults(readFileSync(join(run, 'results.json'), 'utf8'));
  if (!read.ok) throw new Error(read.problems.join('; '));
  return read.value;
}

/** A folder of the test's own. */
export const test = plain.extend('folder', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-run-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

const root = join(import.meta.dirname, '..');
const childLimitMs = 100_000;

/** The program in a process of its own, as people run it; it can be interrupted and killed. */
export interface Running {
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** Resolves when this stands in what it has printed; rejects when it ends before. */
  printed(text: string): Promise<void>;
  send(signal: 'SIGINT' | 'SIGKILL'): void;
}

/** Starts the program. One that takes longer than its limit is killed. */
export function started(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [join(root, 'harness/cli.ts'), ...argv], {
    cwd: root,
    env: { ...process.env, ...env },
    timeout: childLimitMs,
    killSignal: 'SIGKILL',
  });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  return {
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...text }))),
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (`${text.out}${text.err}`.includes(wanted)) resolve();
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        // On one line: CI repeats the first line of every failure.
        child.on('close', (code, signal) =>
          reject(new Error(`ended (${signal ?? code}) without ${wanted}: ${JSON.stringify(text)}`)),
        );
        look();
      }),
    send: (signal) => void child.kill(signal),
  };
}
