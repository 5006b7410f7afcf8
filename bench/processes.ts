import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { pairs, type Pairs } from './statistics.ts';
import { targetFile } from './twin.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = (...parts: readonly string[]): string => join(root, ...parts);
/** A process that takes longer is ended, and the bench with it. */
const limitMs = 30 * 60_000;

interface Ended {
  readonly out: string;
  readonly tookMs: number;
}

/** Runs a program to its end; another code than 0 is a defect of what is measured. */
function run(args: readonly string[], cwd = root): Promise<Ended> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const tookMs = performance.now() - startMs;
      if (code === 0) resolve({ out, tookMs });
      else reject(new Error(`${args.join(' ')} ended with ${String(code)}: ${err.slice(-500)} ${out.slice(-500)}`));
    });
  });
}

/** Wall time of `certify` with the quick profile on the twin against that of Vitest with one empty test, each a new process. */
export async function certification(count: number): Promise<Pairs> {
  // Inside the project, because there the package vitest is found; `runs` is in no repository.
  mkdirSync(path('runs'), { recursive: true });
  const empty = mkdtempSync(path('runs', 'bench-'));
  const out = mkdtempSync(join(tmpdir(), 'lockproof-bench-'));
  writeFileSync(join(empty, 'empty.test.ts'), "import { test } from 'vitest';\ntest('nothing', () => {});\n");
  const certify = [path('harness/cli.ts'), 'certify', '--target', targetFile, '--seed', '1', '--out', out];
  const vitest = [path('node_modules/vitest/vitest.mjs'), 'run', '--root', empty];
  try {
    const compared = await pairs<'tookMs'>(
      count,
      () => run(certify),
      () => run(vitest, empty),
    );
    return compared('tookMs');
  } finally {
    rmSync(empty, { recursive: true });
    rmSync(out, { recursive: true });
  }
}

const marksSchema = z.tuple([
  z.strictObject({ commands: z.number(), residentBytes: z.number(), heapBytes: z.number() }),
  z.strictObject({ commands: z.number(), residentBytes: z.number(), heapBytes: z.number() }),
]);

export interface Memory {
  readonly early: z.infer<typeof marksSchema>[0];
  readonly late: z.infer<typeof marksSchema>[0];
  /** Resident memory late by early. */
  readonly ratio: number;
  readonly heapRatio: number;
}

/** Memory of one process that hunts on and on, at two counts of executed commands. */
export async function memory({ first, last }: { readonly first: number; readonly last: number }): Promise<Memory> {
  const { out } = await run(['--expose-gc', path('bench/memory.ts'), '--first', String(first), '--last', String(last)]);
  const [early, late] = marksSchema.parse(JSON.parse(out));
  return { early, late, ratio: late.residentBytes / early.residentBytes, heapRatio: late.heapBytes / early.heapBytes };
}
