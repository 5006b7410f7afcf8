import type { Motion } from '../contract/plant.ts';
import type { Trace } from '../contract/trace.ts';

/**
 * The positions that the bolt had between two moments, by the bench's own sensors: every reading in between, and the
 * one that held at the beginning. Empty where nothing was read yet.
 */
export function boltDuring(trace: Trace, fromMs: number, toMs: number): ReadonlySet<string> {
  const seen = new Set<string>();
  let held: Motion['bolt'] | undefined;
  for (const entry of trace.entries) {
    const bolt = entry.kind === 'moved' ? entry.motion.bolt : entry.kind === 'acted' ? entry.sight.bolt : null;
    const atMs = entry.kind === 'moved' ? entry.motion.atMs : entry.atMs;
    if (bolt === null) continue;
    if (atMs <= fromMs) held = bolt;
    else if (atMs <= toMs) seen.add(bolt);
  }
  if (held !== undefined) seen.add(held);
  // Before its first reading the bolt may have been anywhere.
  return held === undefined ? new Set() : seen;
}
