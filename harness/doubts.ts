import type { Verdict } from '../contract/trace.ts';

/** What failed in a run in which this machine stood still, and may be its doing. */
export interface Doubts {
  /** What was said of a requirement in the run just made. */
  note(id: string, verdict: Verdict, isDoubtful: boolean): void;
  /** Whether something of it is in doubt. */
  isAny(): boolean;
  /** Whether that run is to be made again; else what is in doubt remains so. */
  again(): boolean;
  /** What was never cleared has not passed: other runs need not have met what failed. */
  remain(verdicts: Map<string, Verdict>): void;
}

/** A run in doubt is made so often at most. */
const maxTries = 3;

/** The doubts of a hunt: only the same run, made again, clears them. */
export function doubts(): Doubts {
  const [now, left] = [new Map<string, Verdict>(), new Map<string, Verdict>()];
  let tries = 0;
  return {
    note(id, verdict, isDoubtful) {
      if (isDoubtful) now.set(id, verdict);
      else if (verdict.kind !== 'inconclusive') now.delete(id);
    },
    isAny: () => now.size > 0,
    again() {
      tries += 1;
      if (now.size > 0 && tries < maxTries) return true;
      for (const [id, verdict] of now) left.set(id, verdict);
      now.clear();
      tries = 0;
      return false;
    },
    remain(verdicts) {
      for (const [id, doubt] of [...left, ...now]) if (verdicts.get(id)?.kind.startsWith('pass')) verdicts.set(id, doubt);
    },
  };
}
