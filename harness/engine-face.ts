import { z } from 'zod';
import type { Profile, Requirement } from '../contract/requirement.ts';
import { areas } from '../contract/requirement.ts';
import { resultsSchema } from '../contract/results.ts';
import type { RunResults } from '../contract/results.ts';
import type { TraceFile } from '../contract/trace-schema.ts';
import type { Verdict } from '../contract/trace.ts';
import type { Disk } from './disk.ts';
import type { OpenOptions } from './bench.ts';
import type { Target } from './target.ts';

/** What the command line asks of the engine, and what the engine tells while it works. */

const outcome = resultsSchema.shape.outcomes.element;

/** A requirement that a run means to judge, told before anything is driven. */
const plannedSchema = z.strictObject({
  id: outcome.shape.id,
  area: z.enum(areas),
  level: outcome.shape.level,
  mark: outcome.shape.mark,
  text: z.string(),
  source: z.string(),
});

/** One thing that happened in a run, as it happens. Stored as a line of events.ndjson. */
export const runEventSchema = z.discriminatedUnion('kind', [
  /** First and once. What is planned and has no outcome later was not run. */
  z.strictObject({
    kind: z.literal('start'),
    run: resultsSchema.shape.run,
    target: resultsSchema.shape.target,
    mark: z.enum(['api', 'device']),
    planned: z.array(plannedSchema),
  }),
  z.strictObject({ kind: z.literal('phase'), text: z.string() }),
  /** How far the phase is; `total` 0 where nobody knows. `commands` counts the whole run. */
  z.strictObject({ kind: z.literal('progress'), done: z.number(), total: z.number(), commands: z.number() }),
  /** A requirement is finished; a later outcome of the same id takes its place. */
  z.strictObject({ kind: z.literal('outcome'), outcome }),
  /** A machine has spent its budget. */
  z.strictObject({ kind: z.literal('machine'), machine: resultsSchema.shape.machines.element }),
  /** Trouble of the rig itself. */
  z.strictObject({ kind: z.literal('trouble'), text: z.string() }),
  /** Last and once. */
  z.strictObject({ kind: z.literal('end'), results: resultsSchema }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;

/** What is put wrong on purpose, and whether anybody stands at the lock. */
export type Disturbance = Pick<OpenOptions, 'faults' | 'apiOnly' | 'between'>;

export interface CertifyOptions {
  readonly target: Target;
  readonly profile: Profile;
  readonly seed: number;
  /** Requirement ids; without them the whole profile. */
  readonly only?: readonly string[];
  /** Exists and is this run's own; its name is the run's id. */
  readonly outDir: string;
  /** What is written there; a failure ends the run as `signal` does. */
  readonly disk?: Disk;
  readonly onEvent: (event: RunEvent) => void;
  /** Aborted: finish the current step, clean up, end as interrupted. */
  readonly signal: AbortSignal;
  /** For self-proof: faults in the simulated world, or a fault proxy on the way to the real one. */
  readonly open?: Disturbance;
}

/** What came of a replay, by its last attempt; `same`: judged as when the trace was stored. */
export interface Replayed {
  readonly same: boolean;
  readonly verdict: Verdict;
  /** How often the steps were done, until they ended as stored or too often in vain. */
  readonly attempts: number;
}

export interface ReplayOptions {
  readonly file: TraceFile;
  readonly target: Target;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
  /** For self-proof, as in `CertifyOptions`. */
  readonly open?: Disturbance;
}

/** One thing that was looked at without changing anything; `next` is empty when it is well. */
export interface CheckLine {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly next: string;
}

/** A defect that the simulated world can be given. */
export interface FaultLine {
  readonly name: string;
  readonly sentence: string;
  readonly defects: readonly string[];
}

/** The engine as the command line sees it. A throw is a bug or, as `TargetTrouble`, a target that names what is not there. */
export interface Engine {
  certify(options: CertifyOptions): Promise<RunResults>;
  replay(options: ReplayOptions): Promise<Replayed>;
  /** Reaches everything, changes nothing. */
  checkTarget(target: Target): Promise<readonly CheckLine[]>;
  catalogue(): Promise<readonly Requirement[]>;
  faults(): Promise<readonly FaultLine[]>;
}
