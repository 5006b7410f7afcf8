import type { Declaration } from '../contract/declaration.ts';
import type { Terms } from '../contract/grant.ts';
import { edges, isAlways, isOpen, windowProblem } from '../contract/time.ts';
import type { ClockBounds } from './clock.ts';

/** Whether terms open at a moment: surely, surely not, or within tolerance of an edge. */
export type Permit = 'yes' | 'no' | 'edge';

/** Judges `terms` for an act between `beganMs` and `ms`, true time; uses are counted elsewhere. Tolerance is the lock's possible clock error. */
export function permits(terms: Terms, beganMs: number, ms: number, clock: ClockBounds, declaration: Declaration): Permit {
  if (terms.suspended) return 'no';
  const { window } = terms;
  if (isAlways(window)) return 'yes';
  const { dstGap: gap, dstFold: fold, endInclusive } = declaration.time;
  const rules = { gap, fold, endInclusive };
  // A platform that takes what cannot be reckoned has a fault, and this is not where it is judged.
  const problem = windowProblem(window);
  if (problem === 'zone' || problem === 'rule') return 'edge';
  // By the last known time, which may be any earlier one.
  if (clock.known !== 'yes' && declaration.time.unknownClock === 'last-known') return 'edge';
  if (clock.known === 'no') return 'no';
  const fromMs = beganMs + clock.loMs;
  const toMs = ms + clock.hiMs;
  if (edges(window, fromMs - 1, toMs + 1, rules).length > 0) return 'edge';
  if (!isOpen(window, ms, rules)) return 'no';
  return clock.known === 'maybe' ? 'edge' : 'yes';
}
