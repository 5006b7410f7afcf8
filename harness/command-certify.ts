import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { profiles } from '../contract/requirement.ts';
import type { Profile } from '../contract/requirement.ts';
import type { RunResults } from '../contract/results.ts';
import { renderSummary } from '../reports/text.ts';
import { isoOf, realClock } from '../rig/clock.ts';
import type { RunEvent } from './engine-face.ts';
import { type Disk, folderTrouble, watchedDisk } from './disk.ts';
import { type EventLog, openEvents } from './events.ts';
import { withTarget } from './hold-target.ts';
import { renderRun } from './rendering.ts';
import { mistake, targetOrTell } from './surroundings.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import type { Target } from './target.ts';
import { paletteOf, progressOn } from './terminal.ts';
import { nearest } from './trouble.ts';

/** As they were typed. */
export interface CertifyFlags {
  readonly target: string;
  readonly profile: string;
  readonly seed?: string;
  readonly json?: boolean;
  readonly only?: string;
  readonly out: string;
}

/** Seeds are whole numbers below this. */
const seedLimit = 2 ** 31;

interface Plan {
  readonly profile: Profile;
  readonly seed: number;
  readonly only: readonly string[] | null;
}

function planOf(around: Surroundings, flags: CertifyFlags, known: readonly string[]): Plan | ExitCode {
  const profile = profiles.find((one) => one === flags.profile);
  if (!profile) {
    const near = nearest(flags.profile, profiles) ?? profiles.join(', ');
    return mistake(around, `there is no profile ${flags.profile}`, `did you mean ${near}?`);
  }
  const seed = flags.seed === undefined ? randomInt(seedLimit) : Number(flags.seed);
  if (!/^\d+$/.test(flags.seed ?? '0') || seed >= seedLimit)
    return mistake(
      around,
      `${flags.seed ?? ''} is no seed`,
      `give a whole number from 0 to ${String(seedLimit - 1)}, e.g. --seed 42`,
    );
  const only =
    flags.only === undefined
      ? null
      : flags.only
          .split(',')
          .map((id) => id.trim().toUpperCase())
          .filter(Boolean);
  const strange = only?.find((id) => !known.includes(id));
  if (only?.length === 0 || strange !== undefined) {
    const near = strange === undefined ? null : nearest(strange, known);
    const next = near ? `did you mean ${near}?` : 'see them with: lockproof list requirements';
    return mistake(around, `there is no requirement ${strange ?? 'in --only'}`, next);
  }
  return { profile, seed, only };
}

/** The run's own folder; its name tells when, what and how. */
function newFolder(out: string, target: Target, profile: Profile, since: string): string {
  const stamp = since.replaceAll(/[-:]|\.\d+/g, '');
  const name = `${stamp}-${target.name}-${profile}`;
  mkdirSync(resolve(out), { recursive: true });
  for (let no = 1; ; no += 1) {
    const folder = resolve(out, no === 1 ? name : `${name}-${String(no)}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

interface Place {
  readonly folder: string;
  readonly events: EventLog;
  readonly disk: Disk;
}

/** Where a run is written; a text says why nowhere. */
function newPlace(flags: CertifyFlags, target: Target, profile: Profile, since: string): Place | string {
  const disk = watchedDisk();
  let folder: string | null = null;
  try {
    folder = newFolder(flags.out, target, profile, since);
    const secrets = Object.values(target.access).flatMap((fields) => Object.values(fields));
    return { folder, disk, events: openEvents(folder, secrets, disk.guard) };
  } catch (error) {
    const why = folderTrouble(error);
    if (why === null) throw error;
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    return why;
  }
}

function close(around: Surroundings, flags: CertifyFlags, { folder, disk }: Place, results: RunResults): ExitCode {
  let page = folder;
  disk.guard(() => ([page = folder] = renderRun(folder, results)));
  const say = flags.json ? around.terminal.err : around.terminal.out;
  const trouble = disk.trouble();
  const report = trouble === null ? `report: ${page}\n` : '';
  say(`\n${renderSummary(results, paletteOf(around.terminal))}\n${report}`);
  return trouble === null ? results.certificate.exitCode : unwritten(around, folder, trouble, results);
}

/** A run that its disk did not take is no result: nobody could look at it later. */
function unwritten(around: Surroundings, folder: string, trouble: string, results: RunResults): ExitCode {
  const { left } = results.cleanup;
  const end = results.run.status === 'finished' ? 'the run was finished' : 'the run ended early';
  const rest =
    left.length === 0
      ? 'nothing that it made is left on the target'
      : `${String(left.length)} of what it made are left on the target, named above`;
  return mistake(
    around,
    `${folder} could not be written: ${trouble}; ${end}, ${rest}`,
    `make room there, then: lockproof report ${folder}; or run again with --out and another folder`,
  );
}

/** Certifies a target and writes a run's folder. */
export async function certifyCommand(around: Surroundings, flags: CertifyFlags): Promise<ExitCode> {
  const target = targetOrTell(around, flags.target);
  if (!target) return 3;
  const engine = await around.engine();
  const plan = planOf(
    around,
    flags,
    (await engine.catalogue()).map((one) => one.id),
  );
  if (typeof plan === 'number') return plan;
  const since = isoOf(realClock().nowMs());
  return withTarget(around, target, async () => {
    const place = newPlace(flags, target, plan.profile, since);
    if (typeof place === 'string')
      return mistake(
        around,
        `${resolve(flags.out)} takes no new run: ${place}; nothing was touched`,
        'make room there, or take another folder with --out',
      );
    return close(around, flags, place, await run(around, flags, target, plan, place));
  });
}

async function run(around: Surroundings, flags: CertifyFlags, target: Target, plan: Plan, place: Place): Promise<RunResults> {
  const { terminal, signal } = around;
  const { folder: outDir, events, disk } = place;
  const progress = progressOn(terminal, (text) => (flags.json ? terminal.err : terminal.out)(`${text}\n`));
  let began = false;
  const onEvent = (event: RunEvent): void => {
    began = true;
    const safe = events.write(event);
    if (flags.json) terminal.out(`${safe}\n`);
    progress.tell(event);
  };
  const engine = await around.engine();
  const { profile, seed, only } = plan;
  try {
    return events.clean(await engine.certify({ target, profile, seed, outDir, disk, onEvent, signal, ...(only && { only }) }));
  } finally {
    progress.close();
    events.close();
    // A run that never began leaves nothing behind.
    if (!began) rmSync(outDir, { recursive: true, force: true });
  }
}
