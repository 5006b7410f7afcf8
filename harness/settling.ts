import type { Trace } from '../contract/trace.ts';
import { reach } from '../oracle/reach.ts';

/**
 * When all that happened until `nowMs` must have been told, epoch ms: what an act makes has its declared time, and what
 * was kept back while the lock was out of reach has the time of the reconnect besides. A feed that is read earlier proves
 * nothing about what is not in it.
 */
export function toldByMs(trace: Trace, nowMs: number): number {
  const { eventMs, reconnectMs } = trace.header.declaration.timing;
  const upMs = reach(trace).upSince(nowMs) ?? nowMs;
  const backMs = upMs > trace.header.startMs ? upMs + reconnectMs : upMs;
  return Math.max(nowMs, backMs) + eventMs;
}
