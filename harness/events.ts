import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequirementOutcome, RunResults } from '../contract/results.ts';
import { shownJson } from '../reports/clean.ts';
import { readResults, writeResults } from '../reports/json.ts';
import { type Guard, plainly } from './disk.ts';
import { runEventSchema } from './engine-face.ts';
import type { RunEvent } from './engine-face.ts';
import { cleanupOf } from './journal.ts';
import { openLines, readLines } from './lines.ts';

/** Names of the files of a run, in its own folder. */
export const runFiles = { events: 'events.ndjson', results: 'results.json', journal: 'journal.ndjson' } as const;

/** Writes what a run tells, as it happens. */
export interface EventLog {
  /** Returns the line as it was written, secrets taken out. */
  write(event: RunEvent): string;
  /** Results as they may be stored: the same, secrets taken out. */
  clean(results: RunResults): RunResults;
  close(): void;
}

/** Told often and of no use later than the next one: not worth waiting for the disk. */
const fleeting: readonly RunEvent['kind'][] = ['progress', 'phase'];
const shortestSecretChars = 8;
const hidden = '•••';

/** Takes secrets out of JSON text, in the spelling that JSON gives them. Short words are no secrets that could be found. */
function without(secrets: readonly string[]): (json: string) => string {
  const spelled = secrets
    .filter((secret) => secret.length >= shortestSecretChars)
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .toSorted((a, b) => b.length - a.length);
  return (json) => spelled.reduce((text, secret) => text.replaceAll(secret, hidden), json);
}

/** Opens events.ndjson in a run's folder. `secrets` is the last line of defence: they are replaced wherever they stand. */
export function openEvents(folder: string, secrets: readonly string[], guard: Guard = plainly): EventLog {
  const lines = openLines(join(folder, runFiles.events), guard);
  const redact = without(secrets);
  return {
    write(event) {
      const json = shownJson(redact(JSON.stringify(event)));
      lines.append(json, !fleeting.includes(event.kind));
      return json;
    },
    clean(results) {
      const json = JSON.stringify(results);
      const safe = redact(json);
      if (safe === json) return results;
      const read = readResults(safe);
      if (!read.ok) throw new Error(`results that break their own schema: ${read.problems.join('; ')}`);
      return read.value;
    },
    close: () => lines.close(),
  };
}

/** What events say: whole results, or why there are none. */
export type Reduced = { readonly kind: 'ok'; readonly results: RunResults } | { readonly kind: 'trouble'; readonly why: string };

type Start = Extract<RunEvent, { kind: 'start' }>;

const notRun = (planned: Start['planned'][number]): RequirementOutcome => {
  return { ...planned, status: 'not-run', verdict: null, commands: 0, attempts: [], counterexample: null };
};

/** Results of a run that never told its end: what was judged counts, no mark is given. */
function interrupted(
  start: Start,
  events: readonly RunEvent[],
  troubles: readonly string[],
  cleanup: RunResults['cleanup'],
): RunResults {
  const outcomes = new Map(start.planned.map((one) => [one.id, notRun(one)]));
  for (const event of events) if (event.kind === 'outcome') outcomes.set(event.outcome.id, event.outcome);
  const all = [...outcomes.values()];
  const failed = all.filter((one) => one.verdict?.kind === 'fail');
  const open = all.filter((one) => one.status === 'not-run').length;
  const reasons = [
    'the run was interrupted before its end',
    ...(open > 0 ? [`${String(open)} of ${String(all.length)} requirements were not run`] : []),
    ...failed.map((one) => `${one.id} failed`),
  ];
  return {
    schema: 1,
    run: { ...start.run, status: 'interrupted', endedAt: null },
    target: start.target,
    certificate: { mark: start.mark, given: false, exitCode: failed.length > 0 ? 1 : 2, reasons },
    outcomes: all,
    machines: events.flatMap((event) => (event.kind === 'machine' ? [event.machine] : [])),
    latencies: [],
    cleanup,
    troubles: [...troubles],
  };
}

/** What nothing is known of. */
const noCleanup: RunResults['cleanup'] = { created: 0, removed: 0, left: [] };

/**
 * The results that a run's events amount to. With an end they are its own; without one (killed, power lost) they are what
 * had been judged by then, interrupted. Values that are no events are counted as trouble.
 */
export function reduce(values: readonly unknown[], cleanup: RunResults['cleanup'] = noCleanup): Reduced {
  const parsed = values.map((value) => runEventSchema.safeParse(value));
  const events = parsed.flatMap((one) => (one.success ? [one.data] : []));
  const end = events.findLast((event) => event.kind === 'end');
  if (end) return { kind: 'ok', results: end.results };
  const start = events.find((event) => event.kind === 'start');
  if (!start) return { kind: 'trouble', why: 'no start of a run in its events' };
  const foreign = parsed.length - events.length;
  const troubles = events.flatMap((event) => (event.kind === 'trouble' ? [event.text] : []));
  if (foreign > 0) troubles.push(`${String(foreign)} lines of the events could not be read`);
  return { kind: 'ok', results: interrupted(start, events, troubles, cleanup) };
}

/** Reads the results of a run's folder from its events, killed runs included. */
export function readRun(folder: string): Reduced {
  const lines = readLines(join(folder, runFiles.events));
  if (!lines) return { kind: 'trouble', why: existsSync(folder) ? `no ${runFiles.events} in it` : 'no such folder' };
  const torn = Array.from({ length: lines.torn }, () => null);
  return reduce([...lines.values, ...torn], cleanupOf(join(folder, runFiles.journal)));
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, text: string): void {
  try {
    writeFileSync(`${file}.part`, text, { mode: 0o600 });
    renameSync(`${file}.part`, file);
  } catch (error) {
    // On a full disk a part of a file would only take more of it.
    rmSync(`${file}.part`, { force: true });
    throw error;
  }
}

/** Writes results.json into a run's folder. */
export const storeResults = (folder: string, results: RunResults): void =>
  writeWhole(join(folder, runFiles.results), writeResults(results));
