import type { Requirement } from '../contract/requirement.ts';
import type { Step } from '../contract/trace.ts';
import type { TraceFile } from '../contract/trace-schema.ts';
import { safely } from './hunt.ts';
import type { Ground } from './bench.ts';
import { type Played, playSteps, type PlayOptions } from './play.ts';
import { shrink } from './shrink.ts';

export interface Counterexample {
  readonly file: TraceFile;
  readonly stepsFound: number;
  readonly executions: number;
}

/** The shortest list of steps that still makes the requirement fail, and the trace of its last failing run. */
export async function minimise(
  place: Ground,
  requirement: Requirement,
  played: Played,
  options: PlayOptions & { readonly after?: () => Promise<void> },
  budget: { readonly executions: number; readonly over: () => boolean },
): Promise<Counterexample> {
  let best = { played, verdict: safely(requirement, played.trace) };
  const { startMs } = played.trace.header;
  const fails = async (steps: readonly Step[]): Promise<boolean> => {
    if (options.signal?.aborted) return false;
    const again = await playSteps(place, requirement.id, { steps, startMs }, options);
    await options.after?.();
    if (options.signal?.aborted) return false;
    const verdict = safely(requirement, again.trace);
    if (verdict.kind !== 'fail') return false;
    best = { played: again, verdict };
    return true;
  };
  const { executions } = await shrink(played.steps, fails, budget.executions, budget.over);
  const { header, entries } = best.played.trace;
  const file: TraceFile = {
    schema: 1,
    requirement: requirement.id,
    header,
    steps: best.played.steps,
    entries,
    verdict: best.verdict,
  };
  return { file, stepsFound: played.steps.length, executions };
}
