import type { Machine } from '../contract/machine.ts';
import type { Requirement } from '../contract/requirement.ts';
import { conclude, joinRuns, type Trace, type Verdict } from '../contract/trace.ts';
import { seededRandom } from '../simulators/random.ts';
import { doubts } from './doubts.ts';
import { type Drawn, drawRun, firstRun } from './draws.ts';
import type { Ground } from './bench.ts';
import { type PlayOptions, type Played, playMachine } from './play.ts';

export interface HuntOptions extends Omit<PlayOptions, 'startMs'> {
  /** Executed commands after which no new run begins. */
  readonly budgetCommands: number;
  /** Real time after which no new run begins; told by `nowMs`. */
  readonly budgetMs: number;
  /** Commands without which a hunt is worth some more than its time: a slow lock is hunted as well as a fast one. */
  readonly leastCommands?: number;
  readonly nowMs: () => number;
  /** Told after each run. */
  readonly heard?: (commands: number, trace: Trace) => void;
  /** Awaited after each run, e.g. to remove what it made. */
  readonly after?: () => Promise<void>;
  /** True ends the hunt: all that was looked for is found. */
  readonly enough?: (failed: ReadonlyMap<string, Failure>) => boolean;
}

/** The first run in which a requirement failed. */
export interface Failure {
  readonly played: Played;
  readonly seed: number;
  /** Commands executed in the hunt until then. */
  readonly commandsBefore: number;
}

export interface HuntResult {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly failures: ReadonlyMap<string, Failure>;
  readonly runs: number;
  readonly commands: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** Distinct pairs of kinds in a row, `a>b`. */
  readonly transitions: ReadonlySet<string>;
}

/** After so many runs in a row in which nobody answered anything, nobody is there. */
const maxSilentRuns = 2;

/** How many budgets are spent at most on a machine some of whose judges have seen nothing yet, or that is slow. */
const thinStretch = 4;

/** Runs a machine again and again, each run on a bench of its own, and lets every judge look at every run. */
export async function hunt(
  place: Ground,
  machine: Machine,
  judges: readonly Requirement[],
  options: HuntOptions,
): Promise<HuntResult> {
  const verdicts = new Map<string, Verdict>();
  const failures = new Map<string, Failure>();
  const kinds: Record<string, number> = {};
  const transitions = new Set<string>();
  const startedMs = options.nowMs();
  let commands = 0;
  let runs = 0;
  let draws = 0;
  let draw: Draw | null = null;
  let silentRuns = 0;
  const doubted = doubts();
  /** A premise that has not occurred yet is worth some more than the budget, and so is the first run, which is made of what judges wait for. */
  const stretch = (): number =>
    runs === 0 ||
    commands < (options.leastCommands ?? 0) ||
    doubted.isAny() ||
    judges.some(({ id }) => verdicts.get(id)?.kind === 'inconclusive')
      ? thinStretch
      : 1;
  const over = (): boolean => options.nowMs() - startedMs >= options.budgetMs * stretch();
  while (commands < options.budgetCommands * stretch() && !over() && !options.signal?.aborted) {
    const isThin = commands >= options.budgetCommands || options.nowMs() - startedMs >= options.budgetMs;
    const isAgain = draw !== null && doubted.again();
    if (draw === null || !isAgain) draw = drawn(place, machine, options.seed, draws++, isThin);
    const { seed, startMs } = draw;
    // A run that is made again is made whole: broken off, it would clear a doubt by what it did not come to.
    const end = isAgain ? {} : { over };
    const played = await playMachine(place, machine, draw.commands, { ...options, seed, startMs, ...end });
    if (options.signal?.aborted) {
      // A run that was cut short shows what was not awaited, not what does not happen.
      commands += played.commands;
      await options.after?.();
      break;
    }
    runs += 1;
    count(
      draw.commands.map(({ kind }) => kind),
      kinds,
      transitions,
    );
    for (const judge of judges) {
      const verdict = safely(judge, played.trace);
      doubted.note(judge.id, verdict, isStalled(played.trace) && judge.judge(played.trace).kind === 'fail');
      const before = verdicts.get(judge.id);
      verdicts.set(judge.id, before ? joinRuns([before, verdict]) : verdict);
      if (verdict.kind === 'fail' && !failures.has(judge.id))
        failures.set(judge.id, { played, seed, commandsBefore: commands + played.commands });
    }
    commands += played.commands;
    options.heard?.(commands, played.trace);
    await options.after?.();
    silentRuns = isSilent(played.trace) ? silentRuns + 1 : 0;
    if (silentRuns >= maxSilentRuns || options.enough?.(failures)) break;
  }
  doubted.remain(verdicts);
  return { verdicts, failures, runs, commands, kinds, transitions };
}

interface Draw {
  readonly seed: number;
  readonly startMs: number | null;
  readonly commands: readonly Drawn[];
}

/** What one run is made of. `isThin`: its budget is spent, and something is still to be met. */
function drawn(place: Ground, machine: Machine, huntSeed: number, no: number, isThin: boolean): Draw {
  const seed = seedOf(huntSeed, machine.name, no);
  const random = seededRandom(seed);
  const all = no === 0 && machine.first.length > 0 ? firstRun(machine, random) : drawRun(machine, random, seed, isThin);
  const starts = random.split('start');
  return {
    seed,
    startMs: machine.startMs((limit) => starts.below(limit), place.target.declaration),
    // Where every step takes its real time, no more than one of each.
    commands: isThin && !place.fresh ? all.slice(0, 2 * machine.kinds.length) : all,
  };
}

/** Whether everything was asked in vain: no answer of any status came. */
function isSilent({ entries }: Trace): boolean {
  const answers = entries.flatMap((entry) => (entry.kind === 'answered' ? [entry.answer] : []));
  return answers.length > 0 && answers.every(({ facts }) => facts.status === null);
}

/** The seed of one run, so that any run can be made again alone. */
export const seedOf = (seed: number, machine: string, run: number): number =>
  seededRandom(seed)
    .split(`${machine}/${run}`)
    .below(2 ** 31);

export const isStalled = ({ entries }: Trace): boolean => entries.some(({ kind }) => kind === 'stalled');

/** A judge that throws is our own defect: the evidence is lost, not the target's case. */
export function safely(requirement: Requirement, trace: Trace): Verdict {
  const at = trace.entries.findIndex((entry) => entry.kind === 'trouble');
  const trouble = trace.entries[at];
  const verdict = requirement.judge(trace);
  // What contradicted the rule before the rig failed still does; all after it is doubtful.
  if (trouble?.kind === 'trouble' && !(verdict.kind === 'fail' && verdict.atEntry < at))
    return { kind: 'inconclusive', why: trouble.what };
  const stall = trace.entries.find((entry) => entry.kind === 'stalled');
  if (stall?.kind === 'stalled' && verdict.kind === 'fail')
    return { kind: 'inconclusive', why: `this machine stood still for ${stall.ms} ms, and what failed may be its doing` };
  return verdict.kind === 'pass' ? conclude(verdict.witnessed, []) : verdict;
}

function count(names: readonly string[], kinds: Record<string, number>, transitions: Set<string>): void {
  names.forEach((name, i) => {
    kinds[name] = (kinds[name] ?? 0) + 1;
    const before = names[i - 1];
    if (before !== undefined) transitions.add(`${before}>${name}`);
  });
}
