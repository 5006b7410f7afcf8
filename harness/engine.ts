import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { RunResults } from '../contract/results.ts';
import type { TraceFile } from '../contract/trace-schema.ts';
import type { Verdict } from '../contract/trace.ts';
import type { BenchKind } from '../contract/vendor.ts';
import { shownJson } from '../reports/clean.ts';
import { isoOf, realClock } from '../rig/clock.ts';
import { budgetOf } from './budget.ts';
import { catalogueDigest, faults, requirements } from './catalogue.ts';
import { certify as drive, chosen } from './certify.ts';
import { checkTarget } from './check-target.ts';
import { cleanUp, debts } from './cleanup.ts';
import type { CertifyOptions, Engine, ReplayOptions, RunEvent } from './engine-face.ts';
import { runFiles } from './events.ts';
import { safely } from './hunt.ts';
import { openJournal } from './journal.ts';
import { tidyOlder } from './older.ts';
import { ground } from './open.ts';
import { abilitiesOf, playSteps } from './play.ts';
import type { Target } from './target.ts';
import { version } from './version.ts';

/** A seed for those who name none; told in every result, so that the run can be made again. */
export const anySeed = (): number => randomInt(2 ** 31);

/** What results say of a target: nothing of what is secret in it. */
function aboutTarget(target: Target, observedBy: string[]): RunResults['target'] {
  const { declaration } = target;
  return {
    name: target.name,
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
    observedBy,
  };
}

async function certify(options: CertifyOptions): Promise<RunResults> {
  const { target, profile, seed, signal, onEvent } = options;
  const clock = realClock();
  const iso = (): string => isoOf(clock.nowMs());
  const picked = await chosen(profile, options.only);
  const place = await ground(target);
  const probe = await place.open({ seed, startMs: null });
  const observedBy = abilitiesOf(probe).observations.map((one) => `${one} sensor`);
  await probe.drive(() => probe.bench.close());
  await place.close();
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
  const journal = place.fresh ? null : openJournal(join(options.outDir, runFiles.journal));
  try {
    const older = place.fresh ? [] : await tidyOlder(options.outDir, target);
    const told = older.map((left) => `an earlier run left ${left}, and it could not be removed`);
    for (const text of told) onEvent({ kind: 'trouble', text });
    const { observedBy: _, ...certified } = await drive({
      target,
      profile,
      seed,
      signal,
      ...(journal && { journal }),
      tracesIn: relative(process.cwd(), join(options.outDir, 'traces')),
      ...(options.only && { only: options.only }),
      ...(options.open && { open: options.open }),
      onEvent(event) {
        if (event.kind === 'outcome') {
          if (event.counterexample) storeTrace(options.outDir, event.counterexample.file);
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
    return results;
  } finally {
    journal?.close();
  }
}

/** Beside results.json; the name is a requirement's id, never a target's text. */
function storeTrace(outDir: string, file: TraceFile): void {
  mkdirSync(join(outDir, 'traces'), { recursive: true });
  writeFileSync(join(outDir, 'traces', `${file.requirement}.json`), `${shownJson(JSON.stringify(file))}\n`);
}

const weekMs = 7 * 86_400_000;

/** When a replay starts: at the same instant where time is ours, at the same hour of the same day of a week where it only goes on. */
function startOf(bench: BenchKind, recordedMs: number): number | null {
  if (bench === 'twin') return recordedMs;
  const behindMs = realClock().nowMs() - recordedMs;
  return bench === 'soft' ? recordedMs + Math.ceil(behindMs / weekMs) * weekMs : null;
}

/** The same steps on this target; the same requirement must fail again. Steps that this bench cannot do make it inconclusive. */
async function replay(options: ReplayOptions): Promise<{ same: boolean; verdict: Verdict }> {
  const { file, target, onEvent, signal } = options;
  const requirement = (await requirements()).find(({ id }) => id === file.requirement);
  if (!requirement)
    return { same: false, verdict: { kind: 'inconclusive', why: `this catalogue has no requirement ${file.requirement}` } };
  const place = await ground(target);
  const track = debts(null);
  try {
    onEvent({ kind: 'phase', text: `${file.requirement}: ${file.steps.length} steps again` });
    const { seed, source, startMs } = file.header;
    const { maxWaitMs } = budgetOf('certification', target.bench);
    const recorded = { steps: file.steps, startMs };
    const here = { ...options.open, seed, startMs: startOf(target.bench, startMs) };
    const played = await playSteps(place, source, recorded, { ...here, track, maxWaitMs, signal });
    if (!place.fresh) {
      const opened = await place.open({ ...options.open, seed, startMs: null });
      await opened.drive(() => cleanUp(opened.api, track.open(), opened.bench.locks, track));
      await opened.bench.close();
    }
    if (signal.aborted) return { same: false, verdict: { kind: 'inconclusive', why: 'the replay was interrupted' } };
    const verdict = safely(requirement, played.trace);
    const skipped = played.trace.entries.find((entry) => entry.kind === 'skipped');
    if (verdict.kind !== 'fail' && skipped?.kind === 'skipped')
      return { same: false, verdict: { kind: 'inconclusive', why: `a step cannot be done here: ${skipped.why}` } };
    return { same: verdict.kind === file.verdict.kind, verdict };
  } finally {
    await place.close();
  }
}

export const engine: Engine = {
  certify: (options) => certify(options),
  replay: (options) => replay(options),
  checkTarget: (target) => checkTarget(target),
  catalogue: async () => [...(await requirements())],
  faults: async () => (await faults()).map(({ name, sentence, defects }) => ({ name, sentence, defects })),
};

export type { RunEvent };
