import type { Declaration } from '../contract/declaration.ts';
import type { Machine } from '../contract/machine.ts';
import type { RequirementOutcome, RunResults } from '../contract/results.ts';
import type { Latencies } from '../oracle/latency.ts';
import type { HuntResult } from './hunt.ts';

/**
 * Whether the mark can be given. Every applicable MUST that counts for it must have passed: the API mark by those that the
 * API alone shows, the Device mark by all. Anything that failed denies both, and so does what the run left on the target:
 * nobody may take a door for finished to which somebody has to go.
 */
export function certificateOf(
  outcomes: readonly RequirementOutcome[],
  mark: 'api' | 'device',
  { isWhole = true, isAsFound = true }: { readonly isWhole?: boolean; readonly isAsFound?: boolean } = {},
): RunResults['certificate'] {
  const musts = outcomes.filter((one) => one.level === 'must' && (mark === 'device' || one.mark === 'api'));
  const failed = outcomes.filter((one) => one.verdict?.kind === 'fail');
  const open = musts.filter(
    (one) => one.verdict === null || one.verdict.kind === 'inconclusive' || one.verdict.kind === 'not-testable',
  );
  const said = (all: readonly RequirementOutcome[]): string => all.map(({ id }) => id).join(', ');
  const of = (kind: string): readonly RequirementOutcome[] => open.filter((one) => (one.verdict?.kind ?? 'not run') === kind);
  const reasons = [
    ...(failed.length > 0 ? [`failed: ${said(failed)}`] : []),
    ...['not-testable', 'inconclusive', 'not run'].flatMap((kind) => (of(kind).length > 0 ? [`${kind}: ${said(of(kind))}`] : [])),
    ...(musts.some((one) => one.verdict?.kind === 'pass') ? [] : [nothingFor(mark, outcomes)]),
    ...(isAsFound ? [] : ['the target was not left as it was found: look at what the run tells of it']),
    ...(isWhole ? [] : ['only some requirements of the profile were asked for']),
  ];
  return { mark, given: reasons.length === 0, exitCode: failed.length > 0 ? 1 : reasons.length > 0 ? 2 : 0, reasons };
}

/** Where nothing could be tried at all: what stood in the way of most. Null where something was, or nothing is applicable. */
function untried(outcomes: readonly RequirementOutcome[]): string | null {
  const counts = new Map<string, number>();
  for (const { verdict } of outcomes) {
    if (verdict?.kind === 'not-applicable') continue;
    if (verdict?.kind !== 'not-testable') return null;
    counts.set(verdict.missing, (counts.get(verdict.missing) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a);
  return most?.[0] ?? null;
}

/** Where nothing passed for a mark: what that says, and the next step where something passed for the other one. */
function nothingFor(mark: 'api' | 'device', outcomes: readonly RequirementOutcome[]): string {
  const count = outcomes.filter(({ verdict }) => verdict?.kind === 'pass').length;
  const obstacle = untried(outcomes);
  if (obstacle !== null) return `nothing could be tried: ${obstacle}`;
  if (mark === 'device' || count === 0) return 'nothing passed';
  const what = count === 1 ? 'the one that passed counts' : `the ${count} that passed count`;
  return `${what} for the Device mark, and no sensor observes the lock: name a fixture in the target file, plant: { port: … }`;
}

export function machineRow(machine: Machine, result: HuntResult): RunResults['machines'][number] {
  const possible = machine.kinds.length ** 2;
  return {
    name: machine.name,
    runs: result.runs,
    commands: result.commands,
    kinds: { ...result.kinds },
    transitions: result.transitions.size,
    transitionsPossible: possible,
  };
}

/** Quantiles by nearest rank; null where nothing was measured. */
function latencyRow(name: string, allMs: readonly number[], limitMs: number): RunResults['latencies'][number] | null {
  const sorted = allMs.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  if (sorted.length === 0) return null;
  return { name, count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1), limitMs };
}

/** The figures of a run, each against its declared limit. */
export function latencyRows(
  { grant, revocation, keypad }: Latencies,
  { timing: { grantMs, revokeMs } }: Declaration,
): RunResults['latencies'] {
  return [
    latencyRow('grant confirmed', grant, grantMs),
    latencyRow('revocation confirmed', revocation, revokeMs),
    latencyRow('revocation at the keypad', keypad, revokeMs),
  ].flatMap((row) => (row ? [row] : []));
}
