import type { Motion } from '../../contract/plant.ts';
import type { Trace } from '../../contract/trace.ts';

/** A position that the bolt has kept, by the bench's own sensors. */
export interface Kept {
  readonly bolt: Motion['bolt'];
  readonly sinceMs: number;
  /** A hand at the thumb-turn or inside handle brought it there. */
  readonly byHand: boolean;
}

/** Where the bolt was before an entry, since when it had been there, and whether a hand moved it; null before any reading. */
export function keptBolt(trace: Trace, before: number): Kept | null {
  let bolt: Motion['bolt'] | null = null;
  let sinceMs = trace.header.startMs;
  let byHand = false;
  for (const entry of trace.entries.slice(0, before)) {
    if (entry.kind === 'moved') {
      ({ bolt } = entry.motion);
      sinceMs = entry.motion.atMs;
      byHand = false;
    }
    if (entry.kind !== 'acted' || entry.sight.bolt === null) continue;
    const moved = bolt === null ? entry.act.act === 'turn' : bolt !== entry.sight.bolt || sinceMs >= entry.fromMs;
    if (bolt !== entry.sight.bolt || moved) sinceMs = entry.atMs;
    ({ bolt } = entry.sight);
    // What a hand left behind counts from when all had come to rest.
    byHand = moved ? entry.act.act === 'turn' && entry.act.to === bolt : byHand;
  }
  return bolt === null ? null : { bolt, sinceMs, byHand };
}
