import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Ground } from './bench.ts';
import { cleanUp } from './cleanup.ts';
import { type Guard, plainly } from './disk.ts';
import { readRun, runFiles } from './events.ts';
import { guardedJournal, leftovers, type Made } from './journal.ts';
import { isStillOurs } from './still-ours.ts';
import type { Target } from './target.ts';

/** More runs than this are not looked through: the newest count. */
const maxRuns = 200;
const anySeed = 1;

const isSpell = ({ what }: Made): boolean => what === 'spell';

/** Folders beside this run's whose run was on the same target and left something there. */
function indebted(outDir: string, target: Target): string[] {
  const parent = dirname(outDir);
  const names = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== basename(outDir))
    .map((entry) => entry.name);
  return names
    .toSorted()
    .slice(-maxRuns)
    .map((name) => join(parent, name))
    .filter((folder) => {
      if (leftovers(join(folder, runFiles.journal)).length === 0) return false;
      const run = readRun(folder);
      return run.kind === 'ok' && run.results.target.name === target.name && run.results.target.url === target.url;
    });
}

/**
 * Removes from a target what earlier runs died owing; says what would not go. Only what their journals name is touched, and
 * nothing where that could not be written down.
 */
export async function tidyOlder(outDir: string, place: Ground, guard: Guard = plainly): Promise<readonly string[]> {
  const { target } = place;
  const left: string[] = [];
  for (const folder of indebted(outDir, target)) {
    const file = join(folder, runFiles.journal);
    const open = leftovers(file);
    const journal = guardedJournal(file, guard);
    if (!journal) break;
    try {
      const opened = await place.open({ seed: anySeed, startMs: null });
      await opened.drive(async () => {
        // Spells first: while one is on, the lock does not tell the mode that it was set to.
        for (const some of [open.filter(isSpell), open.filter((made) => !isSpell(made))]) {
          const ours: Made[] = [];
          for (const made of some) {
            if (await isStillOurs(opened.api, made, opened.bench.world.clock.nowMs())) ours.push(made);
            else if (made.id !== null) journal.removed(made.id);
          }
          left.push(...(await cleanUp({ ...opened, declaration: target.declaration }, ours, journal)));
        }
      });
      journal.soughtAll();
      await opened.drive(() => opened.bench.close());
    } finally {
      journal.close();
    }
  }
  return left;
}
