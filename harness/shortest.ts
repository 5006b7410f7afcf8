import type { Requirement } from '../contract/requirement.ts';
import { realClock } from '../rig/clock.ts';
import type { Run } from './certification.ts';
import { type Counterexample, minimise } from './counterexample.ts';
import type { Played } from './play.ts';
import { tidy } from './tidy.ts';

/** The shortest counterexample that the time of a run allows for; what it leaves of it the next has. */
export async function shortest(
  run: Run,
  requirement: Requirement,
  played: Played,
  seed: number,
  maxWaitMs: number,
): Promise<Counterexample> {
  run.options.onEvent({ kind: 'phase', text: `${requirement.id} failed: looking for the shortest counterexample` });
  const clock = realClock();
  const mayMs = run.budget.shrinkMs + run.spareMs;
  const endMs = clock.nowMs() + mayMs;
  const budget = {
    // What really waited for longer than all of it may take is told as it was.
    executions: run.options.signal.aborted || waitedMs(run, played) >= mayMs ? 0 : run.budget.shrink,
    over: () => clock.nowMs() >= endMs,
  };
  const counterexample = await minimise(
    run.place,
    requirement,
    played,
    { ...run.base, maxWaitMs, seed, startMs: played.trace.header.startMs, after: () => tidy(run) },
    budget,
  );
  run.spareMs = Math.max(0, endMs - clock.nowMs());
  return counterexample;
}

/** How long a run really waited, ms; nothing where time was moved. */
const waitedMs = (run: Run, { trace: { header, entries } }: Played): number =>
  run.place.fresh || header.means.includes('travel')
    ? 0
    : entries.reduce((sum, entry) => sum + (entry.kind === 'passed' ? entry.ms : 0), 0);
