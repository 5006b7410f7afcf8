import type { Profile } from '../contract/requirement.ts';
import type { BenchKind } from '../contract/vendor.ts';

export interface Budget {
  /** Executed commands for each machine. */
  readonly commands: number;
  /** Real time for each machine. */
  readonly machineMs: number;
  /** Fewer commands than these are worth more than that time. */
  readonly leastCommands?: number;
  /** Longest real wait at one step where time cannot be moved. */
  readonly maxWaitMs: number;
  /** The same for the steps of machines, which draw their waits and make many of them. */
  readonly machineWaitMs: number;
  /** Executions that shrinking one counterexample may take. */
  readonly shrink: number;
  /** Real time after which no further one begins: on a rig each waits for the device as the run did. What one leaves, the next has. */
  readonly shrinkMs: number;
  /** What the counterexamples of a run have besides, together: so that the only one is short, and many end. */
  readonly shrinkSpareMs?: number;
}

const minuteMs = 60_000;

/** What each profile may spend on each bench. */
export function budgetOf(profile: Profile, bench: BenchKind): Budget {
  if (profile === 'quick') {
    if (bench === 'twin')
      return { commands: 1_500, machineMs: minuteMs, maxWaitMs: 0, machineWaitMs: 0, shrink: 300, shrinkMs: minuteMs };
    if (bench === 'soft')
      return { commands: 400, machineMs: minuteMs / 6, maxWaitMs: 0, machineWaitMs: 0, shrink: 120, shrinkMs: minuteMs };
    return { commands: 150, machineMs: 4_000, maxWaitMs: 3_000, machineWaitMs: 1_000, shrink: 12, shrinkMs: 10_000 };
  }
  if (profile === 'nightly') {
    const longestWaitMs = 10 * minuteMs;
    return {
      commands: 100_000,
      machineMs: 60 * minuteMs,
      maxWaitMs: longestWaitMs,
      machineWaitMs: longestWaitMs,
      shrink: 1_000,
      shrinkMs: longestWaitMs,
    };
  }
  if (bench === 'twin')
    return { commands: 5_000, machineMs: 5 * minuteMs, maxWaitMs: 0, machineWaitMs: 0, shrink: 500, shrinkMs: 5 * minuteMs };
  if (bench === 'soft')
    return { commands: 1_500, machineMs: minuteMs, maxWaitMs: 0, machineWaitMs: 0, shrink: 300, shrinkMs: minuteMs };
  return {
    commands: 1_000,
    leastCommands: 50,
    machineMs: 16_000,
    maxWaitMs: minuteMs,
    machineWaitMs: 5_000,
    shrink: 30,
    shrinkMs: 2_000,
    shrinkSpareMs: 10_000,
  };
}
