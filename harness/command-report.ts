import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunResults } from '../contract/results.ts';
import { readResults } from '../reports/json.ts';
import { renderSummary } from '../reports/text.ts';
import { readRun, runFiles } from './events.ts';
import { renderRun } from './rendering.ts';
import { mistake } from './surroundings.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import { paletteOf } from './terminal.ts';

/** Results files longer than this are refused unread. */
const maxResultsBytes = 256 * 1024 * 1024;

function textOf(file: string): string | null {
  try {
    return statSync(file).size > maxResultsBytes ? null : readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** results.json where the run had its end, else what its events amount to. */
function resultsIn(folder: string): RunResults | string {
  const text = textOf(join(folder, runFiles.results));
  const read = text === null ? null : readResults(text);
  if (read?.ok) return read.value;
  const run = readRun(folder);
  if (run.kind === 'ok') return run.results;
  return read ? `${runFiles.results}: ${read.problems[0] ?? 'not valid'}` : run.why;
}

/** Shows a file in the program that people read pages with; a machine without one is no trouble. */
function show(file: string): void {
  const [program, args]: readonly [string, readonly string[]] =
    process.platform === 'darwin'
      ? ['open', [file]]
      : process.platform === 'win32'
        ? ['explorer.exe', [file]]
        : ['xdg-open', [file]];
  execFile(program, args, () => undefined).unref();
}

/** Renders the reports of a run again, of a killed one too. The exit code is the run's own. */
export function reportCommand(around: Surroundings, run: string, flags: { readonly open: string }): ExitCode {
  const folder = run.endsWith('.json') || run.endsWith('.ndjson') ? dirname(run) : run;
  if (flags.open !== 'yes' && flags.open !== 'no')
    return mistake(around, `--open ${flags.open} is not known`, 'say --open yes or --open no');
  const results = resultsIn(folder);
  if (typeof results === 'string')
    return mistake(around, `${run} is no run: ${results}`, 'give the folder of a run, e.g. runs/…');
  const [page = folder] = renderRun(folder, results);
  around.terminal.out(`${renderSummary(results, paletteOf(around.terminal))}\nreport: ${page}\n`);
  if (flags.open === 'yes') show(page);
  return results.certificate.exitCode;
}
