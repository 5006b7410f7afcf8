import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import type { RunResults } from '../contract/results.ts';
import { sampleResults } from '../reports/sample.ts';
import { openEvents, runFiles } from './events.ts';
import { leftovers, openJournal } from './journal.ts';
import { ground } from './open.ts';
import { tidyOlder } from './older.ts';
import { loadTarget } from './target.ts';
import type { Target } from './target.ts';

const test = base.extend('runs', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-older-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

function twin(): Target {
  const loaded = loadTarget(join(import.meta.dirname, '../targets/reference-twin.yaml'), {});
  if (loaded.kind !== 'ok') throw new Error('the reference target does not load');
  return loaded.target;
}

/** A run that was killed while a user of its making was there, and a grant asked for without an answer. */
function killed(runs: string, name: string, target: RunResults['target']): string {
  const folder = join(runs, name);
  mkdirSync(folder);
  const { run } = sampleResults();
  const events = openEvents(folder, []);
  events.write({ kind: 'start', run: { ...run, status: 'running', endedAt: null }, target, mark: 'device', planned: [] });
  events.close();
  const journal = openJournal(join(folder, runFiles.journal));
  journal.made(journal.intend('user', 'lp-made'), 'usr_that_is_gone');
  journal.intend('grant', 'lp-lost');
  journal.close();
  return join(folder, runFiles.journal);
}

test('what a killed run on the same target left is removed and struck off; other targets are left alone', async ({
  expect,
  runs,
}) => {
  // Loaded before a virtual clock runs: a module that loads meanwhile is real time, and looks like a deadlock.
  await import('../drivers/reference/twin.ts');
  const target = twin();
  const { target: foreign } = sampleResults();
  const own = killed(runs, 'a', { ...foreign, name: target.name, url: target.url });
  const other = killed(runs, 'b', foreign);
  const now = join(runs, 'now');
  mkdirSync(now);
  expect(await tidyOlder(now, await ground(target))).toEqual([]);
  expect(leftovers(own)).toEqual([]);
  expect(leftovers(other)).toHaveLength(2);
});
