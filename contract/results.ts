import { z } from 'zod';
import { areas, profiles } from './requirement.ts';

/**
 * results.json: the truth of a run. Every report is a pure function of it. Reduced from the append-only
 * events.ndjson of the run, so a run that was killed has one too.
 */
/** A verdict as stored; the type is `Verdict` of trace.ts. */
export const verdictSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pass'), witnessed: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal('pass-with-observation'), witnessed: z.number().int().min(1), missed: z.string() }),
  z.strictObject({
    kind: z.literal('fail'),
    why: z.string(),
    expected: z.string(),
    atEntry: z.number().int(),
    witnessed: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('inconclusive'), why: z.string() }),
  z.strictObject({ kind: z.literal('not-applicable'), lacking: z.string(), because: z.string() }),
  z.strictObject({ kind: z.literal('not-testable'), missing: z.string() }),
]);

/** A counterexample: `file` is the stored trace beside results.json, `trace` its header and entries (contract/trace.ts). */
const counterexample = z.strictObject({
  file: z.string(),
  /** Steps before and after shrinking, and how many executions that took. */
  stepsFound: z.number().int(),
  steps: z.number().int(),
  executions: z.number().int(),
  trace: z.unknown(),
});

const outcome = z.strictObject({
  id: z.string().regex(/^[A-Z]+-\d{3}$/),
  area: z.enum(areas),
  level: z.enum(['must', 'should']),
  mark: z.enum(['api', 'device']),
  text: z.string(),
  source: z.string(),
  /** Whether it was run at all: another axis than the verdict. */
  status: z.enum(['run', 'not-run']),
  /** Null exactly when status is not-run. */
  verdict: verdictSchema.nullable(),
  /** Commands executed for it, its machine's included. */
  commands: z.number().int(),
  /** Every attempt, the last is the verdict; more than one only after inconclusive. */
  attempts: z.array(verdictSchema),
  counterexample: counterexample.nullable(),
});

const latency = z.strictObject({
  name: z.string(),
  count: z.number().int(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  maxMs: z.number(),
  /** The declared bound. */
  limitMs: z.number(),
});

const machine = z.strictObject({
  name: z.string(),
  runs: z.number().int(),
  commands: z.number().int(),
  /** Executions by command kind. */
  kinds: z.record(z.string(), z.number().int()),
  /** Distinct pairs of kinds in a row that were seen, of those possible. */
  transitions: z.number().int(),
  transitionsPossible: z.number().int(),
});

export const resultsSchema = z.strictObject({
  schema: z.literal(1),
  run: z.strictObject({
    id: z.string(),
    startedAt: z.string(),
    /** Null while running, and for a run that was killed. */
    endedAt: z.string().nullable(),
    status: z.enum(['running', 'finished', 'interrupted']),
    seed: z.number().int(),
    profile: z.enum(profiles),
    lockproof: z.string(),
    /** SHA-256 over the ids, texts and levels of the catalogue. */
    catalogueDigest: z.string(),
    node: z.string(),
  }),
  target: z.strictObject({
    name: z.string(),
    /** As it was given; empty in older results. */
    file: z.string().default(''),
    vendor: z.string(),
    model: z.string(),
    bench: z.enum(['twin', 'soft', 'rig']),
    route: z.string(),
    url: z.string().nullable(),
    zone: z.string(),
    firmware: z.string().nullable(),
    declarationDigest: z.string(),
    /** Abilities declared lacking, with the reason given. */
    lacking: z.record(z.string(), z.string()),
    consent: z.strictObject({ mayMove: z.boolean(), mayWipe: z.boolean() }),
    /** By what the lock was observed; empty: only the API. */
    observedBy: z.array(z.string()),
  }),
  /** The mark asked for, whether every applicable MUST of the profile earned it, and if not why not. */
  certificate: z.strictObject({
    mark: z.enum(['api', 'device']),
    given: z.boolean(),
    exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
    reasons: z.array(z.string()),
  }),
  outcomes: z.array(outcome),
  machines: z.array(machine),
  latencies: z.array(latency),
  /** What the run created and removed again on the target. */
  cleanup: z.strictObject({ created: z.number().int(), removed: z.number().int(), left: z.array(z.string()) }),
  /** Trouble of the rig itself. */
  troubles: z.array(z.string()),
});
export type RunResults = z.infer<typeof resultsSchema>;
export type RequirementOutcome = z.infer<typeof outcome>;
