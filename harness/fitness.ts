import type { Requirement } from '../contract/requirement.ts';
import type { RequirementOutcome } from '../contract/results.ts';
import type { Verdict } from '../contract/trace.ts';
import type { Ground } from './bench.ts';

/** Why the bench itself is not to be believed; null where it is, or where there is nothing to check. */
export async function unfitBench(place: Ground, when: 'before' | 'after'): Promise<string | null> {
  const fitness = await place.check();
  return fitness?.kind === 'unfit' ? `the fixture at the door is not fit, ${when} the run: ${fitness.why}` : null;
}

/** Whether a verdict would stand on what the fixture does or sees. */
export const needsFixture = ({ observations, means, eitherOf = [] }: Requirement): boolean =>
  observations.length > 0 || [...means, ...eitherOf].some((one) => one.startsWith('hand:'));

const rests = (verdict: Verdict | null): boolean => verdict !== null && 'witnessed' in verdict;

/** What a fixture that is not to be believed gave evidence for is inconclusive, passed and failed alike. */
export const doubted = (
  outcomes: readonly RequirementOutcome[],
  catalogue: readonly Requirement[],
  why: string,
): RequirementOutcome[] =>
  outcomes.map((outcome) => {
    const requirement = catalogue.find(({ id }) => id === outcome.id);
    if (!requirement || !needsFixture(requirement) || !rests(outcome.verdict)) return outcome;
    return { ...outcome, verdict: { kind: 'inconclusive', why }, counterexample: null };
  });
