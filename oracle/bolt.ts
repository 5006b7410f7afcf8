import type { Answer } from '../contract/answer.ts';
import type { Motion } from '../contract/plant.ts';
import type { Trace } from '../contract/trace.ts';

/**
 * The positions that the bolt had between two moments, by the bench's own sensors: every reading in between, and the
 * one that held at the beginning. Empty where nothing was read yet. Where no sensor tells of motions, a command to the bolt
 * makes a reading stale, and its end, told by the lock itself, is one.
 */
export function boltDuring(trace: Trace, fromMs: number, toMs: number): ReadonlySet<string> {
  const seen = new Set<string>();
  let held: Motion['bolt'] | undefined;
  const isTold = trace.header.told?.includes('bolt') ?? false;
  const asked = new Map<number, 'locked' | 'unlocked'>();
  for (const entry of trace.entries) {
    if (isTold && entry.kind === 'asked' && (entry.command.do === 'lock' || entry.command.do === 'unlock')) {
      asked.set(entry.call, entry.command.do === 'lock' ? 'locked' : 'unlocked');
      if (entry.atMs <= fromMs) held = undefined;
    }
    if (entry.kind === 'answered' && asked.has(entry.call) && entry.atMs <= fromMs && isDone(entry.answer))
      held = asked.get(entry.call);
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

const isDone = (answer: Answer<unknown>): boolean =>
  answer.kind === 'ok' &&
  typeof answer.value === 'object' &&
  answer.value !== null &&
  Reflect.get(answer.value, 'state') === 'done';
