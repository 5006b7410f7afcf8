import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';
import type { RunResults } from '../contract/results.ts';
import { sampleResults } from '../reports/sample.ts';
import { openEvents, runFiles } from './events.ts';
import { type Journal, leftovers, openJournal } from './journal.ts';
import type { Ground, Opened } from './bench.ts';
import { idOfMode, nameOfSpell } from './left-modes.ts';
import { ground } from './open.ts';
import { tidyOlder } from './older.ts';
import { loadTarget } from './target.ts';
import type { Target } from './target.ts';

const test = base.extend('runs', ({}, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lockproof-older-'));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

function twin(name = 'reference-twin'): Target {
  const loaded = loadTarget(join(import.meta.dirname, `../targets/${name}.yaml`), {});
  if (loaded.kind !== 'ok') throw new Error('the target does not load');
  return loaded.target;
}

/** A run that was killed, with what its journal says. */
function killed(runs: string, name: string, target: RunResults['target'], write: (journal: Journal) => void): string {
  const folder = join(runs, name);
  mkdirSync(folder);
  const { run } = sampleResults();
  const events = openEvents(folder, []);
  events.write({ kind: 'start', run: { ...run, status: 'running', endedAt: null }, target, mark: 'device', planned: [] });
  events.close();
  const journal = openJournal(join(folder, runFiles.journal));
  write(journal);
  journal.close();
  return join(folder, runFiles.journal);
}

/** A user of its making was there, and a grant asked for without an answer. */
function madeAndLost(journal: Journal): void {
  journal.made(journal.intend('user', 'lp-made'), 'usr_that_is_gone');
  journal.intend('grant', 'lp-lost');
}

test('what a killed run on the same target left is removed and struck off; other targets are left alone', async ({
  expect,
  runs,
}) => {
  // Loaded before a virtual clock runs: a module that loads meanwhile is real time, and looks like a deadlock.
  await import('../drivers/reference/twin.ts');
  const target = twin();
  const { target: foreign } = sampleResults();
  const own = killed(runs, 'a', { ...foreign, name: target.name, url: target.url }, madeAndLost);
  const other = killed(runs, 'b', foreign, madeAndLost);
  const now = join(runs, 'now');
  mkdirSync(now);
  expect(await tidyOlder(now, await ground(target))).toEqual([]);
  expect(leftovers(own)).toEqual([]);
  expect(leftovers(other)).toHaveLength(2);
});

/** A simulated Matter lock that outlives its runs; each opening is by a driver that knows nothing of those before. */
async function lasting(target: Target): Promise<{ place: Ground; opened: Opened }> {
  const made = await ground(target);
  const opened = await made.open({ seed: 1, startMs: null });
  const { bench, secrets } = opened;
  const open = async (): Promise<Opened> => ({
    ...opened,
    bench: { ...bench, close: async () => undefined },
    api: made.route.connect(bench.world, bench.links, {}, secrets, target.declaration, bench.locks),
  });
  return { place: { ...made, fresh: false, open }, opened };
}

test('a mode and a spell that a killed run left a lock in are taken back; what others chose since stays', async ({
  expect,
  runs,
}) => {
  await import('../drivers/matter/twin.ts');
  const target = twin('matter-twin');
  const { place, opened } = await lasting(target);
  const { api, bench, drive } = opened;
  const startMs = bench.world.clock.nowMs() + 3_600_000;
  const spell = { mode: 'passage', startMs, endMs: startMs + 3_600_000 } as const;
  const others = { mode: 'privacy', startMs: startMs + 7_200_000, endMs: startMs + 9_000_000 } as const;
  const holidays = async (): Promise<unknown> => {
    const asked = { do: 'invoke', endpoint: 1, command: 'getHolidaySchedule', fields: { holidayIndex: 1 } } as const;
    const said = await bench.links.cluster?.ask({ fabric: 'owner', asked, limitMs: 1_000 }, new AbortController().signal);
    return said?.kind === 'reply' ? said.value : null;
  };
  const run = (name: string): string =>
    killed(runs, name, { ...sampleResults().target, name: target.name, url: target.url }, (journal) => {
      journal.made(journal.intend('mode', 'vacation 1'), idOfMode('mode', '1'));
      journal.made(journal.intend('spell', nameOfSpell({ do: 'scheduleMode', lock: '1', ...spell })), idOfMode('spell', '1'));
    });
  const modeAfter = async (mode: 'vacation' | 'privacy', held: typeof spell | typeof others, laterMs = 0): Promise<unknown> => {
    await drive(async () => {
      await api.perform('owner', { do: 'setMode', lock: '1', mode });
      await api.perform('owner', { do: 'scheduleMode', lock: '1', ...held });
      await bench.world.clock.sleep(laterMs);
    });
    const now = join(runs, `${mode}-now-${laterMs}`);
    mkdirSync(now);
    expect(await tidyOlder(now, place)).toEqual([]);
    return drive(async () => {
      const lock = await api.perform('owner', { do: 'readLock', lock: '1' });
      return lock.kind === 'ok' ? [lock.value.mode, await holidays()] : lock;
    });
  };
  const first = run('a');
  expect(await modeAfter('vacation', spell)).toMatchObject(['normal', { status: 0x8b }]);
  expect(leftovers(first)).toEqual([]);
  const second = run('b');
  expect(await modeAfter('privacy', others)).toMatchObject(['privacy', { status: 0, operatingMode: 2 }]);
  expect(leftovers(second)).toEqual([]);
  // While a spell is on, the lock tells that mode and not the one that it was set to.
  await drive(() => api.perform('owner', { do: 'clearModes', lock: '1' }));
  const third = run('c');
  expect(await modeAfter('vacation', spell, spell.startMs + 60_000 - bench.world.clock.nowMs())).toMatchObject([
    'normal',
    { status: 0x8b },
  ]);
  expect(leftovers(third)).toEqual([]);
});
