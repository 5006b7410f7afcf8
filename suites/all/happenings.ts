import type { EventVerb } from '../../contract/event.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { inGap } from '../../oracle/acts.ts';
import { clockBounds } from '../../oracle/clock.ts';
import { type Heard, history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { found } from './words.ts';

/** Something that surely happened at the lock between two instants of the bench's clock, and has an event of its own. */
export interface Happening {
  readonly verb: EventVerb;
  readonly fromMs: number;
  readonly toMs: number;
  /** Where the evidence stands. */
  readonly entry: number;
  readonly what: string;
  /** The id of the grant that its event must name; left out where that is not asked. */
  readonly grant?: string;
}

/** Stamps are rounded, and a lock takes a moment to note what it did. */
const slackMs = 1_000;

/** Whether an event can tell of a happening: by the lock's clock where it knows the time, else by when it was recorded. */
export function tells(trace: Trace, { event }: Heard, one: Happening): boolean {
  if (event.verb !== one.verb || (one.grant !== undefined && event.grant !== one.grant)) return false;
  const { eventMs } = trace.header.declaration.timing;
  const before = clockBounds(trace)(one.fromMs);
  const after = clockBounds(trace)(one.toMs);
  if (event.deviceMs === null || before.known !== 'yes' || after.known !== 'yes')
    return event.platformMs >= one.fromMs - slackMs && event.platformMs <= one.toMs + eventMs + slackMs;
  return event.deviceMs >= one.fromMs + before.loMs - slackMs && event.deviceMs <= one.toMs + after.hiMs + slackMs;
}

/**
 * Happenings of declared kinds that had to be told by the last reading, and how each was; an event tells of one only. What a gap
 * covers need not be.
 */
export function untold(
  trace: Trace,
  happenings: readonly Happening[],
): { readonly told: readonly Happening[]; readonly findings: readonly Finding[] } {
  const { events: kinds, timing } = trace.header.declaration;
  const free = new Set(history(trace).events);
  const last = history(trace).readings.findLast(({ as, complete }) => as === 'owner' && complete);
  const up = last ? reach(trace).upSince(last.endMs) : null;
  const told: Happening[] = [];
  const findings: Finding[] = [];
  for (const one of happenings) {
    if (!last || up === null || !kinds.includes(one.verb)) continue;
    const sinceMs = Math.max(one.toMs, up + (up > one.fromMs ? timing.reconnectMs : 0));
    if (last.endMs < sinceMs + timing.eventMs) continue;
    const heard = [...free].find((event) => tells(trace, event, one));
    if (heard) {
      free.delete(heard);
      told.push(one);
    } else if (!inGap(trace, one))
      findings.push(found(one.entry, `${one.what} made no event ${one.verb}`, 'one event of the declared kind'));
  }
  return { told, findings };
}
