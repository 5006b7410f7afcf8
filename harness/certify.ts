import type { Machine } from '../contract/machine.ts';
import type { Profile, Requirement } from '../contract/requirement.ts';
import type { RequirementOutcome, RunResults } from '../contract/results.ts';
import type { Trace, Verdict } from '../contract/trace.ts';
import { latencies } from '../oracle/latency.ts';
import { realClock } from '../rig/clock.ts';
import { lacksOf, notHere } from './applicable.ts';
import { asFound, isAboutLock, notAsFound, strangeMode } from './as-found.ts';
import { type Budget, budgetOf } from './budget.ts';
import { machines as allMachines, requirements as allRequirements } from './catalogue.ts';
import { cleanUp, type Debts, debts } from './cleanup.ts';
import { doubted, needsFixture, unfitBench } from './fitness.ts';
import type { Journal, Made } from './journal.ts';
import { type Counterexample, minimise } from './counterexample.ts';
import { certificateOf, latencyRows, machineRow } from './conclusions.ts';
import { hunt, type HuntResult, safely, seedOf, isStalled } from './hunt.ts';
import type { Ground, OpenOptions } from './bench.ts';
import { ground } from './open.ts';
import { abilitiesOf, playAct, type Played, type PlayOptions } from './play.ts';
import { unreached } from './reach.ts';
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

/** Requirements of a profile, in the order of their ids. */
export async function chosen(profile: Profile, only?: readonly string[]): Promise<readonly Requirement[]> {
  const all = await allRequirements();
  return all.filter((one) => (only ? only.includes(one.id) : profile !== 'quick' || one.quick));
}

interface Run {
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
  /** The lock is in a mode of its own: hands must not end it, and what they do says nothing of the fixture. */
  isStrange: boolean;
}

/** Only what was inconclusive is tried again, once. */
const maxTries = 2;

/** Drives a target with the requirements of a profile and judges what happened. Throws only for its own defects and TargetTrouble. */
export async function certify(options: CertifyOptions): Promise<Certified> {
  const place = options.place ?? (await ground(options.target));
  try {
    const picked = await chosen(options.profile, options.only);
    const budget = { ...budgetOf(options.profile, options.target.bench), ...options.budget };
    const accounts = debts(options.journal ?? null);
    const left = (what: string): void => trouble(run, what);
    const base = { ...options.open, track: accounts, maxWaitMs: budget.maxWaitMs, signal: options.signal, left };
    const run: Run = {
      place,
      options,
      budget,
      accounts,
      base,
      outcomes: [],
      machineRows: [],
      latency: { grant: [], revocation: [], keypad: [] },
      troubles: [],
      total: picked.length,
      commands: 0,
      spareMs: budget.shrinkSpareMs ?? 0,
      tries: maxTries,
      isStrange: false,
    };
    const before = await asFound(place, options.seed);
    const observedBy = await runAll(run, picked);
    // Once more: what would not go while the platform was busy may go now.
    await tidy(run, 0, true);
    const unfit = run.isStrange || options.signal.aborted ? null : await unfitBench(place, 'after');
    if (unfit !== null) trouble(run, unfit);
    for (const change of notAsFound(before, await asFound(place, options.seed))) trouble(run, change);
    const stuck = (await place.parting?.()) ?? null;
    if (stuck !== null) trouble(run, stuck);
    const told = run.outcomes.toSorted((a, b) => a.id.localeCompare(b.id));
    const outcomes = unfit === null ? told : doubted(told, picked, unfit);
    return {
      certificate: certificateOf(outcomes, observedBy.length > 0 ? 'device' : 'api', options.only === undefined),
      outcomes,
      machines: run.machineRows,
      latencies: latencyRows(run.latency, options.target.declaration),
      cleanup: { created: accounts.counts.created, removed: accounts.counts.removed, left: accounts.open().map(debtText) },
      troubles: run.troubles,
      observedBy,
    };
  } finally {
    if (place !== options.place) await place.close();
  }
}

async function runAll(run: Run, picked: readonly Requirement[]): Promise<readonly string[]> {
  const probe = await run.place.open({ ...run.options.open, seed: run.options.seed, startMs: null });
  const here = { ...abilitiesOf(probe), lacks: lacksOf(probe), api: probe.api, maxWaitMs: run.budget.maxWaitMs };
  const far = await probe.drive(() => unreached(probe, run.options.target));
  if (far) {
    trouble(run, `the platform is not reached: ${far.detail}; ${far.next}`);
    run.tries = 1;
  }
  await probe.drive(() => probe.bench.close());
  for (const note of run.place.notes) trouble(run, note);
  const mode = far || run.options.signal.aborted ? null : await strangeMode(run.place, run.options.seed);
  if (mode !== null) trouble(run, mode);
  run.isStrange = mode !== null;
  const unfit = run.isStrange || run.options.signal.aborted ? null : await unfitBench(run.place, 'before');
  if (unfit !== null) trouble(run, unfit);
  const applicable: Requirement[] = [];
  for (const requirement of picked) {
    const why = (needsFixture(requirement) ? unfit : null) ?? (isAboutLock(requirement) ? mode : null);
    const doubt: Verdict | null = why === null ? null : { kind: 'inconclusive', why };
    const verdict = notHere(requirement, run.options.target, here) ?? doubt;
    if (verdict) tell(run, requirement, verdict, [verdict], 0, null);
    else applicable.push(requirement);
  }
  for (const requirement of applicable)
    if ('act' in requirement.feed && !run.options.signal.aborted) await direct(run, requirement);
  for (const machine of await allMachines()) {
    const judges = applicable.filter(({ feed }) => 'machine' in feed && feed.machine === machine.name);
    if (judges.length > 0 && !run.options.signal.aborted) await stateful(run, machine, judges);
  }
  for (const requirement of applicable)
    if (!run.outcomes.some(({ id }) => id === requirement.id)) tell(run, requirement, null, [], 0, null);
  return here.observations;
}

/** A requirement that drives by itself. Every attempt is kept. */
async function direct(run: Run, requirement: Requirement): Promise<void> {
  run.options.onEvent({ kind: 'phase', text: `${requirement.id} ${requirement.text}` });
  const attempts: Verdict[] = [];
  let played: Played | undefined;
  let seed = run.options.seed;
  let no = 0;
  for (let attempt = 0; attempt < run.tries && !run.options.signal.aborted; attempt++) {
    seed = seedOf(run.options.seed, requirement.id, no);
    played = await playAct(run.place, requirement, { ...run.base, seed, startMs: null });
    run.commands += played.commands;
    gather(run, played.trace);
    await tidy(run, throttledUntilMs(played.trace));
    if (run.options.signal.aborted) break;
    attempts.push(safely(requirement, played.trace));
    if (attempts.at(-1)?.kind !== 'inconclusive') break;
    // What failed while this machine stood still is cleared by the same act only.
    if (!isStalled(played.trace)) no += 1;
  }
  const verdict = attempts.at(-1) ?? null;
  const counterexample =
    verdict?.kind === 'fail' && played ? await shortest(run, requirement, played, seed, run.budget.maxWaitMs) : null;
  tell(run, requirement, verdict, attempts, played?.commands ?? 0, counterexample);
}

/** A machine and all requirements that judge its runs. */
async function stateful(run: Run, machine: Machine, judges: readonly Requirement[]): Promise<void> {
  run.options.onEvent({
    kind: 'phase',
    text: `machine ${machine.name}: ${run.budget.commands} commands for ${judges.map(({ id }) => id).join(', ')}`,
  });
  const clock = realClock();
  const base = { ...run.base, maxWaitMs: run.budget.machineWaitMs };
  const result: HuntResult = await hunt(run.place, machine, judges, {
    ...base,
    seed: run.options.seed,
    budgetCommands: run.budget.commands,
    budgetMs: run.budget.machineMs,
    ...(run.budget.leastCommands !== undefined && { leastCommands: run.budget.leastCommands }),
    nowMs: () => clock.nowMs(),
    heard(commands, trace) {
      gather(run, trace);
      run.options.onEvent({ kind: 'progress', done: run.outcomes.length, total: run.total, commands: run.commands + commands });
    },
    after: () => tidy(run),
  });
  run.commands += result.commands;
  const row = machineRow(machine, result);
  run.machineRows.push(row);
  run.options.onEvent({ kind: 'machine', machine: row });
  for (const judge of judges) {
    const failure = result.failures.get(judge.id);
    const counterexample = failure ? await shortest(run, judge, failure.played, failure.seed, base.maxWaitMs) : null;
    const verdict = result.verdicts.get(judge.id) ?? null;
    tell(run, judge, verdict, verdict ? [verdict] : [], result.commands, counterexample);
  }
}

async function shortest(
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

const debtText = ({ what, name, id }: Made): string => `${what} ${id ?? name}`;

/** Each once, however often it comes. */
function trouble(run: Run, text: string): void {
  if (run.troubles.includes(text)) return;
  run.troubles.push(text);
  run.options.onEvent({ kind: 'trouble', text });
}

/** Until when callers of a run were told to wait, epoch ms: the next run must not pay for it. 0: nobody was. */
const throttledUntilMs = ({ entries }: Trace): number =>
  entries.reduce((last, entry) => {
    const isThrottled = entry.kind === 'answered' && entry.answer.kind === 'refused' && entry.answer.reason.class === 'rate';
    return isThrottled ? Math.max(last, entry.atMs + (entry.answer.reason.retryAfterMs ?? 0)) : last;
  }, 0);

/**
 * On a target that outlives the run, removes at once what the last steps made, and at its end what the driver put there for
 * itself; others take it with them.
 */
async function tidy(run: Run, untilMs = 0, isLast = false): Promise<void> {
  if (run.place.fresh) return run.accounts.forgetAll();
  const open = run.accounts.open();
  const opened = await run.place.open({ ...run.options.open, seed: run.options.seed, startMs: null });
  const { declaration } = run.options.target;
  await opened.drive(() => cleanUp({ ...opened, declaration }, open, run.accounts));
  const stuck = isLast ? await opened.drive(async () => opened.api.parting?.()) : null;
  if (typeof stuck === 'string') trouble(run, stuck);
  run.accounts.forgetHopes();
  // What the last steps set going is told late: it must not stand in the next run's part of the feed.
  const { settleMs, eventMs } = declaration.timing;
  const quietMs = Math.min(Math.max(settleMs, eventMs), run.budget.maxWaitMs);
  const { clock } = opened.bench.world;
  const waitMs = Math.max(quietMs, Math.min(untilMs - clock.nowMs(), run.budget.maxWaitMs));
  await opened.drive(() => clock.sleep(waitMs, run.options.signal));
  await opened.bench.close();
}

function gather(run: Run, trace: Trace): void {
  const seen = latencies(trace);
  run.latency.grant.push(...seen.grant);
  run.latency.revocation.push(...seen.revocation);
  run.latency.keypad.push(...seen.keypad);
}

function tell(
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
