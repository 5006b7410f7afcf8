import type { LockPoints } from './lock/points.ts';
import type { ReaderPoints } from './lock/reader-points.ts';
import type { PlatformPoints } from './platform/points.ts';
import type { Random } from '../contract/world.ts';

/** The closed set of places where the simulated world decides something, and where a fault may decide otherwise. */
export type Points = LockPoints & PlatformPoints & ReaderPoints;

/** What a fault puts in the place of honest decisions. Called anew for each world, so state lives in the closure. */
export type Hooks = { [P in keyof Points]?: (given: Points[P]['given'], honest: Points[P]['answer']) => Points[P]['answer'] };

/** One named defect: a file in simulators/faults/, exporting `fault`. */
export interface Fault {
  /** File name without its ending. */
  readonly name: string;
  /** Defects of docs/contract/defects.md that it makes real. */
  readonly defects: readonly string[];
  /** What goes wrong, in one sentence. */
  readonly sentence: string;
  /** Needs an interleaving, a timing, a fault at a certain step, a long run or luck; null for plain ones. */
  readonly hard: 'interleaving' | 'timing' | 'step' | 'long' | 'rare' | null;
  hooks(random: Random): Hooks;
}

export type Decide = <P extends keyof Points>(
  point: P,
  given: Points[P]['given'],
  honest: Points[P]['answer'],
) => Points[P]['answer'];

/** Asks each fault in turn; with none, every decision is the honest one. */
export function decisions(faults: readonly Fault[], random: Random): Decide {
  const all = faults.map((fault) => fault.hooks(random.split(fault.name)));
  return (point, given, honest) => {
    let answer = honest;
    for (const hooks of all) {
      const hook = hooks[point];
      if (hook) answer = hook(given, answer);
    }
    return answer;
  };
}

/** Whether a value that came through the contract is a fault of this simulator. */
export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'hooks' in value &&
  typeof value.hooks === 'function';
