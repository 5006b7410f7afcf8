import type { RequirementOutcome } from '../contract/results.ts';
import { readAs, traceSchema } from '../contract/trace-schema.ts';
import type { Trace } from '../contract/trace.ts';
import { story } from './story.ts';
import type { StoryLine } from './story/line.ts';

/** A failure's trace, validated, with its story. */
export interface Evidence {
  readonly trace: Trace;
  readonly lines: readonly StoryLine[];
}

/** Null where the outcome has no counterexample, or one whose trace cannot be read. */
export function evidenceOf(outcome: RequirementOutcome): Evidence | null {
  if (outcome.counterexample === null) return null;
  const read = readAs(traceSchema, outcome.counterexample.trace);
  if (!read.ok) return null;
  const atEntry = outcome.verdict?.kind === 'fail' ? outcome.verdict.atEntry : -1;
  return { trace: read.value, lines: story(read.value.header, read.value.entries, atEntry) };
}
