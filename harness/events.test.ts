import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import { resultsSchema } from '../contract/results.ts';
import { sampleResults } from '../reports/sample.ts';
import type { RunEvent } from './engine-face.ts';
import { openEvents, readRun, reduce, runFiles, storeResults } from './events.ts';
import { openJournal } from './journal.ts';

const test = base.extend('folder', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-events-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

const results = sampleResults();
const failing = results.outcomes.find((one) => one.verdict?.kind === 'fail') ?? results.outcomes[0];
const passing = results.outcomes.find((one) => one.verdict?.kind === 'pass') ?? results.outcomes[0];
const planned = results.outcomes.map(({ id, area, level, mark, text, source }) => ({ id, area, level, mark, text, source }));
const run = { ...results.run, status: 'running' as const, endedAt: null };
const start: RunEvent = { kind: 'start', run, target: results.target, mark: 'device', planned };
const outcome = (of: typeof passing): RunEvent[] => (of ? [{ kind: 'outcome', outcome: of }] : []);

test('a run that told its end is what it told', ({ expect, folder }) => {
  const log = openEvents(folder, []);
  for (const event of [start, ...outcome(passing), { kind: 'end', results } satisfies RunEvent]) log.write(event);
  log.close();
  expect(readRun(folder)).toEqual({ kind: 'ok', results });
});

test('a killed run has what was judged by then, and no mark', ({ expect, folder }) => {
  const log = openEvents(folder, []);
  for (const event of [start, { kind: 'progress', done: 1, total: 9, commands: 40 } satisfies RunEvent, ...outcome(passing)])
    log.write(event);
  log.write({ kind: 'trouble', text: 'the relay did not move the sensor' });
  const journal = openJournal(join(folder, runFiles.journal));
  journal.made(journal.intend('grant', 'lp-1'), 'g-1');
  journal.close();
  appendFileSync(join(folder, runFiles.events), '{"kind":"outcome","outc');
  const read = readRun(folder);
  const found = read.kind === 'ok' ? read.results : null;
  expect(resultsSchema.safeParse(found).success).toBe(true);
  expect(found?.run).toMatchObject({ status: 'interrupted', endedAt: null });
  expect(found?.certificate).toMatchObject({ given: false, exitCode: 2 });
  expect(found?.outcomes).toHaveLength(planned.length);
  expect(found?.outcomes.filter((one) => one.status === 'run').map((one) => one.id)).toEqual([passing?.id]);
  expect(found?.cleanup).toEqual({ created: 1, removed: 0, left: ['grant lp-1 g-1'] });
  expect(found?.troubles).toEqual(['the relay did not move the sensor', '1 lines of the events could not be read']);
  log.close();
});

test('a failure before the kill is a failure, and a later outcome takes the place of an earlier one', ({ expect }) => {
  const failed = reduce([start, ...outcome(failing)]);
  expect(failed).toMatchObject({ results: { certificate: { exitCode: 1, given: false } } });
  const twice = passing ? reduce([start, { kind: 'outcome', outcome: { ...passing, commands: 7 } }, ...outcome(passing)]) : null;
  const kept = twice?.kind === 'ok' ? twice.results.outcomes.filter((one) => one.id === passing?.id) : [];
  expect(kept).toEqual([passing]);
});

test('without a start there are no results', ({ expect, folder }) => {
  expect(reduce(outcome(passing))).toMatchObject({ kind: 'trouble' });
  expect(readRun(folder)).toEqual({ kind: 'trouble', why: 'no events.ndjson in it' });
  expect(readRun(join(folder, 'none'))).toEqual({ kind: 'trouble', why: 'no such folder' });
});

test('secrets of the target file never reach the disk, in no spelling', ({ expect, folder }) => {
  const secrets = ['tok"en\\of-the-door', 'plain-secret-of-the-door', 'short'];
  const log = openEvents(folder, secrets);
  const text = `short ${secrets.join(' ')}`;
  const written = log.write({ kind: 'trouble', text });
  log.close();
  const stored = readFileSync(join(folder, runFiles.events), 'utf8');
  expect(stored).toBe(`${written}\n`);
  expect(JSON.parse(stored)).toEqual({ kind: 'trouble', text: 'short ••• ••• short' });
});

test('results are stored whole', ({ expect, folder }) => {
  storeResults(folder, results);
  expect(JSON.parse(readFileSync(join(folder, runFiles.results), 'utf8'))).toEqual(results);
});
