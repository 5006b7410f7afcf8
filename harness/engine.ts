import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RunResults } from '../contract/results.ts';
import type { TraceFile } from '../contract/trace-schema.ts';
import { shownJson } from '../reports/clean.ts';
import { isoOf, realClock } from '../rig/clock.ts';
import { catalogueDigest, faults, requirements } from './catalogue.ts';
import type { Ground } from './bench.ts';
import { certify as drive, chosen } from './certify.ts';
import { checkTarget } from './check-target.ts';
import type { CertifyOptions, Engine, RunEvent } from './engine-face.ts';
import { watchedDisk } from './disk.ts';
import { runFiles, writeWhole } from './events.ts';
import { guardedJournal } from './journal.ts';
import { tidyOlder } from './older.ts';
import { ground } from './open.ts';
import { observersOf } from './observers.ts';
import { replay } from './replay.ts';
import type { Target } from './target.ts';
import { version } from './version.ts';

/** A seed for those who name none; told in every result, so that the run can be made again. */
export const anySeed = (): number => randomInt(2 ** 31);

/** What results say of a target: nothing of what is secret in it. */
function aboutTarget(target: Target, observedBy: readonly string[]): RunResults['target'] {
  const { declaration } = target;
  return {
    name: target.name,
    file: target.file,
    vendor: target.vendor,
    model: declaration.model,
    bench: target.bench,
    route: target.route,
    url: target.url,
    zone: declaration.zone,
    firmware: declaration.firmware[0] ?? null,
    declarationDigest: target.declarationDigest,
    lacking: Object.fromEntries(
      Object.entries(declaration.abilities).flatMap(([name, said]) => (typeof said === 'string' ? [[name, said]] : [])),
    ),
    consent: target.consent,
    observedBy: [...observedBy],
  };
}

/** The ground of a run, and by what the lock is observed there. One that is made anew for every run is closed again. */
async function standing(target: Target, seed: number): Promise<{ place: Ground; observedBy: readonly string[] }> {
  const place = await ground(target);
  try {
    const probe = await place.open({ seed, startMs: null });
    const observedBy = observersOf(probe.bench.plant);
    await probe.drive(() => probe.bench.close());
    // What outlives the run is reached once: who let us in may not do so again.
    if (place.fresh) await place.close();
    return { place, observedBy };
  } catch (error) {
    // What stands already would keep the process from its end.
    await place.close();
    throw error;
  }
}

async function certify(options: CertifyOptions): Promise<RunResults> {
  const { target, profile, seed, onEvent } = options;
  const disk = options.disk ?? watchedDisk();
  const signal = AbortSignal.any([options.signal, disk.signal]);
  const clock = realClock();
  const iso = (): string => isoOf(clock.nowMs());
  const picked = await chosen(profile, options.only);
  const { place, observedBy } = await standing(target, seed);
  let journal: ReturnType<typeof guardedJournal> | null = null;
  try {
    const run: RunResults['run'] = {
      id: options.outDir.split(/[\\/]/).at(-1) ?? 'run',
      startedAt: iso(),
      endedAt: null,
      status: 'running',
      seed,
      profile,
      lockproof: version(),
      catalogueDigest: catalogueDigest(await requirements()),
      node: process.version,
    };
    const about = aboutTarget(target, observedBy);
    const planned = picked.map(({ id, area, level, mark, text, source }) => ({ id, area, level, mark, text, source }));
    onEvent({ kind: 'start', run, target: about, mark: observedBy.length > 0 ? 'device' : 'api', planned });
    // What is made anew for every run needs no tidying, and no disk to wait for.
    if (!place.fresh) journal = guardedJournal(join(options.outDir, runFiles.journal), disk.guard);
    const older = place.fresh || signal.aborted ? [] : await tidyOlder(options.outDir, place, disk.guard);
    const told = older.map((left) => `an earlier run left ${left}, and it could not be removed`);
    for (const text of told) onEvent({ kind: 'trouble', text });
    const { observedBy: _, ...certified } = await drive({
      target,
      profile,
      seed,
      signal,
      ...(place.fresh ? {} : { place }),
      ...(journal && { journal }),
      tracesIn: relative(process.cwd(), join(options.outDir, 'traces')),
      ...(options.only && { only: options.only }),
      ...(options.open && { open: options.open }),
      onEvent(event) {
        if (event.kind === 'outcome') {
          const file = event.counterexample?.file;
          if (file) disk.guard(() => storeTrace(options.outDir, file));
          onEvent({ kind: 'outcome', outcome: event.outcome });
        } else onEvent(event);
      },
    });
    const status = signal.aborted ? 'interrupted' : 'finished';
    const results: RunResults = {
      schema: 1,
      run: { ...run, endedAt: iso(), status },
      target: about,
      ...certified,
      troubles: [...told, ...certified.troubles],
    };
    onEvent({ kind: 'end', results });
    if (disk.trouble() !== null && results.cleanup.left.length === 0) forgetJournal(options.outDir);
    return results;
  } finally {
    try {
      journal?.close();
    } finally {
      if (!place.fresh) await place.close();
    }
  }
}

/** Beside results.json; the name is a requirement's id, never a target's text. */
function storeTrace(outDir: string, file: TraceFile): void {
  mkdirSync(join(outDir, 'traces'), { recursive: true });
  writeWhole(join(outDir, 'traces', `${file.requirement}.json`), `${shownJson(JSON.stringify(file))}\n`);
}

/** What a full disk kept a journal from saying, that all was removed, is said by its absence. */
function forgetJournal(outDir: string): void {
  watchedDisk().guard(() => rmSync(join(outDir, runFiles.journal), { force: true }));
}

export const engine: Engine = {
  certify: (options) => certify(options),
  replay,
  checkTarget: (target) => checkTarget(target),
  catalogue: async () => [...(await requirements())],
  faults: async () => (await faults()).map(({ name, sentence, defects }) => ({ name, sentence, defects })),
};

export type { RunEvent };
