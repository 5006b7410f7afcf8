import { fileURLToPath } from 'node:url';
import type { Machine } from '../contract/machine.ts';
import type { Requirement } from '../contract/requirement.ts';
import { machines, requirements } from '../harness/catalogue.ts';
import { hunt } from '../harness/hunt.ts';
import type { Ground } from '../harness/bench.ts';
import { ground } from '../harness/open.ts';
import type { Track } from '../harness/track.ts';
import { loadTarget } from '../harness/target.ts';

/** What a run makes on a twin goes with it. */
const noTrack: Track = { intend: () => 0, made: () => undefined, refused: () => undefined, removed: () => undefined };

export const targetFile = fileURLToPath(new URL('../targets/reference-twin.yaml', import.meta.url));

/** The reference twin, a machine that plays with it, and who judges its runs. */
export interface Play {
  readonly place: Ground;
  readonly machine: Machine;
  readonly judges: readonly Requirement[];
}

export async function playOf(name: string): Promise<Play> {
  const loaded = loadTarget(targetFile, process.env);
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  const machine = (await machines()).find((one) => one.name === name);
  if (!machine) throw new Error(`there is no machine ${name}`);
  const judges = (await requirements()).filter(({ feed }) => 'machine' in feed && feed.machine === name);
  return { place: await ground(loaded.target), machine, judges };
}

/** Runs of the machine, one after the other, until `commands` were executed; `heard` after each with how many by then. */
export async function playOn(
  play: Play,
  options: {
    readonly commands: number;
    readonly seed: number;
    readonly isJudged: boolean;
    readonly heard?: (commands: number) => void;
  },
): Promise<number> {
  const { commands, seed, isJudged, heard } = options;
  const result = await hunt(play.place, play.machine, isJudged ? play.judges : [], {
    seed,
    budgetCommands: commands,
    budgetMs: Infinity,
    nowMs: () => performance.now(),
    track: noTrack,
    maxWaitMs: 0,
    ...(heard && { heard }),
  });
  return result.commands;
}
