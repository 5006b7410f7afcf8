import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunResults } from '../contract/results.ts';

/** What was found on a target that others wrote and looked at by hand: docs/findings/NAME.md in words, NAME.json in ids. */
const id = z.string().regex(/^[A-Z]+-\d{3}$/);
const reviewSchema = z.strictObject({
  platform: z.string(),
  /** Requirements that fail, each of them for a reason that stands in the review. */
  failing: z.array(id),
  /** Requirements that fail with some seeds and not with others, and why they may. */
  chance: z.record(id, z.string()),
  /** By fault of simulators/seam-faults/: requirements that fail with it and do not fail without it. */
  faults: z.record(z.string(), z.array(id).min(1)),
});
export type Review = z.infer<typeof reviewSchema>;

export const reviewFolder = join(import.meta.dirname, '../docs/findings');

/** The review as stored. Throws where the file is not what it should be. */
export const readReview = (name: 'seam-fake' | 'matter-lock'): Review =>
  reviewSchema.parse(JSON.parse(readFileSync(join(reviewFolder, `${name}.json`), 'utf8')));

/** Fewer than this and the run has not looked at the platform. */
export const leastJudged = 12;

/** Requirements that came to a verdict by what was seen. */
export const judged = ({ outcomes }: Pick<RunResults, 'outcomes'>): readonly string[] =>
  outcomes.flatMap(({ id: one, verdict }) => (verdict && 'witnessed' in verdict && verdict.witnessed > 0 ? [one] : []));

/** How a run differs from its review, each difference in a sentence; none where it is as reviewed. */
export function differences(
  review: Pick<Review, 'failing' | 'chance'>,
  results: Pick<RunResults, 'outcomes' | 'cleanup' | 'troubles'> & { readonly run: Pick<RunResults['run'], 'status'> },
): readonly string[] {
  const failed = results.outcomes.filter(({ verdict }) => verdict?.kind === 'fail');
  const kinds = new Map(results.outcomes.map((one) => [one.id, one.verdict?.kind ?? 'not run']));
  const count = judged(results).length;
  return [
    ...(results.run.status === 'finished' ? [] : [`the run was ${results.run.status}`]),
    ...failed
      .filter((one) => !review.failing.includes(one.id) && review.chance[one.id] === undefined)
      .map((one) => `${one.id} failed and is not in the review: ${one.verdict?.kind === 'fail' ? one.verdict.why : ''}`),
    ...review.failing
      .filter((one) => kinds.get(one) !== 'fail')
      .map((one) => `${one} is in the review as failing and came out as ${kinds.get(one) ?? 'unknown to the catalogue'}`),
    ...(count >= leastJudged ? [] : [`only ${count} requirements were judged by what was seen, wanted ${leastJudged}`]),
    ...results.cleanup.left.map((one) => `left on the target: ${one}`),
    ...results.troubles.map((one) => `trouble: ${one}`),
  ];
}

/** What a person is told of a comparison, and the exit code: 0 as reviewed, 1 not. */
export function toldOf(
  all: readonly string[],
  review: Pick<Review, 'failing'>,
  results: Pick<RunResults, 'outcomes'>,
): { text: string; code: 0 | 1 } {
  const counts = `${judged(results).length} requirements judged by what was seen, ${review.failing.length} failures reviewed`;
  const end = `${all.length === 0 ? 'as reviewed' : 'not as reviewed'}: ${counts}`;
  return { text: `\n${all.map((one) => `DIFFERENT ${one}\n`).join('')}${end}\n`, code: all.length === 0 ? 0 : 1 };
}
