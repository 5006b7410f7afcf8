import type { Machine } from '../contract/machine.ts';
import type { Profile, Requirement } from '../contract/requirement.ts';
import type { Verdict } from '../contract/trace.ts';
import { realClock } from '../rig/clock.ts';
import { lacksOf, notHere } from './applicable.ts';
import { asFound, isAboutLock, notAsFound, strangeMode } from './as-found.ts';
import { budgetOf } from './budget.ts';
import { machines as allMachines, requirements as allRequirements } from './catalogue.ts';
import { type Certified, type CertifyOptions, gather, leave, type Run, tell, trouble } from './certification.ts';
import { debts } from './cleanup.ts';
import { certificateOf, latencyRows, machineRow } from './conclusions.ts';
import { doubted, needsFixture, unfitBench } from './fitness.ts';
import { hunt, type HuntResult, isStalled, safely, seedOf } from './hunt.ts';
import type { Made } from './journal.ts';
import { ground } from './open.ts';
import { abilitiesOf, playAct, type Played } from './play.ts';
import { unreached } from './reach.ts';
import { shortest } from './shortest.ts';
import { throttledUntilMs, tidy } from './tidy.ts';

/** Requirements of a profile, in the order of their ids. */
export async function chosen(profile: Profile, only?: readonly string[]): Promise<readonly Requirement[]> {
  const all = await allRequirements();
  return all.filter((one) => (only ? only.includes(one.id) : profile !== 'quick' || one.quick));
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
    const left = (what: string): void => leave(run, what);
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
      isChanged: false,
      isStrange: false,
    };
    const before = await asFound(place, options.seed);
    const observedBy = await runAll(run, picked);
    // Once more: what would not go while the platform was busy may go now.
    await tidy(run, 0, true);
    const unfit = run.isStrange || options.signal.aborted ? null : await unfitBench(place, 'after');
    if (unfit !== null) trouble(run, unfit);
    for (const change of notAsFound(before, await asFound(place, options.seed))) leave(run, change);
    const stuck = (await place.parting?.()) ?? null;
    if (stuck !== null) leave(run, stuck);
    const told = run.outcomes.toSorted((a, b) => a.id.localeCompare(b.id));
    const outcomes = unfit === null ? told : doubted(told, picked, unfit);
    const kept = accounts.open().map(debtText);
    const of = { isWhole: options.only === undefined, isAsFound: kept.length === 0 && !run.isChanged };
    return {
      certificate: certificateOf(outcomes, observedBy.length > 0 ? 'device' : 'api', of),
      outcomes,
      machines: run.machineRows,
      latencies: latencyRows(run.latency, options.target.declaration),
      cleanup: { created: accounts.counts.created, removed: accounts.counts.removed, left: kept },
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
  if (typeof probe.deaf === 'string') trouble(run, `the lock’s own link cannot be used: ${probe.deaf}`);
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

const debtText = ({ what, name, id }: Made): string => `${what} ${id ?? name}`;
