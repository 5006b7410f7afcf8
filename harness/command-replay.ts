import { readFileSync, statSync } from 'node:fs';
import { maxTraceBytes, readTraceFile } from '../contract/trace-schema.ts';
import type { TraceFile } from '../contract/trace-schema.ts';
import { line } from '../reports/clean.ts';
import { withTarget } from './hold-target.ts';
import { mistake, targetOrTell } from './surroundings.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import type { Target } from './target.ts';
import { paletteOf, progressOn } from './terminal.ts';

/** As they were typed. */
export interface ReplayFlags {
  readonly target: string;
  readonly json?: boolean;
}

function readTrace(file: string): TraceFile | readonly string[] {
  let json: unknown;
  try {
    if (statSync(file).size > maxTraceBytes) return [`longer than ${String(maxTraceBytes)} bytes`];
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return [error instanceof SyntaxError ? 'not JSON' : 'cannot be read'];
  }
  const read = readTraceFile(json);
  return read.ok ? read.value : read.problems;
}

/** Repeats a stored counterexample's steps on a target and judges what came of them. 1: it fails again. */
export async function replayCommand(around: Surroundings, trace: string, flags: ReplayFlags): Promise<ExitCode> {
  const file = readTrace(trace);
  if (!('steps' in file))
    return mistake(around, `${trace} is no stored trace: ${file.join('; ')}`, 'take one from the traces folder of a run');
  const target = targetOrTell(around, flags.target);
  if (!target) return 3;
  return withTarget(around, target, () => replayOn(around, target, file, flags));
}

async function replayOn(around: Surroundings, target: Target, file: TraceFile, flags: ReplayFlags): Promise<ExitCode> {
  const { terminal, signal } = around;
  const say = flags.json ? terminal.err : terminal.out;
  const progress = progressOn(terminal, (text) => say(`${text}\n`));
  const engine = await around.engine();
  const { same, verdict, attempts } = await engine.replay({ file, target, signal, onEvent: (event) => progress.tell(event) });
  progress.close();
  if (flags.json) terminal.out(`${JSON.stringify({ requirement: file.requirement, same, verdict, attempts })}\n`);
  const palette = paletteOf(terminal);
  const word = same ? palette.strong('the same again') : palette.warn('another verdict than stored');
  const tries = attempts > 1 ? `, after ${attempts} attempts` : '';
  say(`${file.requirement} on ${target.name}: ${verdict.kind}, ${word}${tries}\n`);
  if ('why' in verdict) say(`  ${line(verdict.why)}\n`);
  // A story is cut down to what fails, often to less than what shows that a lock is well.
  if (file.verdict.kind === 'fail' && !same && !signal.aborted) {
    say(`  The story did not fail here. Whether the requirement holds is told by a run of its own:\n`);
    say(`  lockproof certify --target ${line(flags.target)} --profile certification --only ${file.requirement}\n`);
  }
  if (verdict.kind === 'fail') return 1;
  return verdict.kind === 'pass' || verdict.kind === 'pass-with-observation' ? 0 : 2;
}
