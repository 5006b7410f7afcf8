import type { Profile, Requirement } from '../contract/requirement.ts';
import type { RequirementOutcome, RunResults } from '../contract/results.ts';
import type { Trace, Verdict } from '../contract/trace.ts';
import { latencies } from '../oracle/latency.ts';
import type { Ground, OpenOptions } from './bench.ts';
import type { Budget } from './budget.ts';
import type { Debts } from './cleanup.ts';
import type { Counterexample } from './counterexample.ts';
import type { Journal } from './journal.ts';
import type { PlayOptions } from './play.ts';
import type { Target } from './target.ts';

/** What a run tells while it goes on. */
export type CertifyEvent =
  | { readonly kind: 'phase'; readonly text: string }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly commands: number }
  | { readonly kind: 'outcome'; readonly outcome: RequirementOutcome; readonly counterexample: Counterexample | null }
  | { readonly kind: 'machine'; readonly machine: RunResults['machines'][number] }
  | { readonly kind: 'trouble'; readonly text: string };

export interface CertifyOptions {
  readonly target: Target;
  readonly profile: Profile;
  readonly seed: number;
  readonly only?: readonly string[];
  readonly onEvent: (event: CertifyEvent) => void;
  readonly signal: AbortSignal;
  /** The folder of stored traces as a user would type it, for replay commands. */
  readonly tracesIn?: string;
  /** Where what is made on the target is written down. */
  readonly journal?: Journal;
  /** In the place of what the profile may spend, e.g. for who wants verdicts and no shortest counterexamples. */
  readonly budget?: Partial<Budget>;
  /** One that stands already, and is closed by whoever made it: a code that an app gives lets somebody in once. Else one is made. */
  readonly place?: Ground;
  /** For self-proof and fault proxies. */
  readonly open?: Pick<OpenOptions, 'faults' | 'apiOnly' | 'between'>;
}

export type Certified = Pick<RunResults, 'certificate' | 'outcomes' | 'machines' | 'latencies' | 'cleanup' | 'troubles'> & {
  readonly observedBy: readonly string[];
};

/** A certification while it goes on: what it may spend, and what it has come to. */
export interface Run {
  readonly place: Ground;
  readonly options: CertifyOptions;
  readonly budget: Budget;
  readonly accounts: Debts;
  readonly base: Omit<PlayOptions, 'seed' | 'startMs'>;
  readonly outcomes: RequirementOutcome[];
  readonly machineRows: RunResults['machines'];
  readonly latency: { grant: number[]; revocation: number[]; keypad: number[] };
  readonly troubles: string[];
  readonly total: number;
  commands: number;
  /** What the next counterexample has for shrinking besides its own time, ms. */
  spareMs: number;
  /** How often what was inconclusive is tried. */
  tries: number;
  /** Something of the target could not be put back as it was found. */
  isChanged: boolean;
  /** The lock is in a mode of its own: hands must not end it, and what they do says nothing of the fixture. */
  isStrange: boolean;
}

/** Each once, however often it comes. */
export function trouble(run: Run, text: string): void {
  if (run.troubles.includes(text)) return;
  run.troubles.push(text);
  run.options.onEvent({ kind: 'trouble', text });
}

/** Trouble that stays: somebody has to go to the lock. */
export function leave(run: Run, text: string): void {
  run.isChanged = true;
  trouble(run, text);
}

/** How long what a trace shows took: of grants, of revocations, at the keypad. */
export function gather(run: Run, trace: Trace): void {
  const seen = latencies(trace);
  run.latency.grant.push(...seen.grant);
  run.latency.revocation.push(...seen.revocation);
  run.latency.keypad.push(...seen.keypad);
}

/** What a requirement came to. */
export function tell(
  run: Run,
  requirement: Requirement,
  verdict: Verdict | null,
  attempts: readonly Verdict[],
  commands: number,
  counterexample: Counterexample | null,
): void {
  const { id, area, level, mark, text, source } = requirement;
  const outcome: RequirementOutcome = {
    id,
    area,
    level,
    mark,
    text,
    source,
    status: verdict === null ? 'not-run' : 'run',
    verdict,
    commands,
    attempts: [...attempts],
    counterexample: counterexample && {
      file: `${run.options.tracesIn ?? 'traces'}/${id}.json`,
      stepsFound: counterexample.stepsFound,
      steps: counterexample.file.steps.length,
      executions: counterexample.executions,
      trace: { header: counterexample.file.header, entries: counterexample.file.entries },
    },
  };
  run.outcomes.push(outcome);
  run.options.onEvent({ kind: 'outcome', outcome, counterexample });
}
