import { administering, operating } from '../contract/command.ts';
import type { Entry, Trace } from '../contract/trace.ts';
import { history } from './history.ts';

/** Most events that one thing makes: an opening and its alarm; a user, his code and his schedule, set and taken away again. */
const byHand = 2;
const byMotion = 1;
const byChange = 6;

/** How many events an entry may have made. */
function mostEvents(entry: Entry): number {
  if (entry.kind === 'acted') return byHand;
  if (entry.kind === 'moved') return byMotion;
  if (entry.kind !== 'asked') return 0;
  const { command } = entry;
  // The driver may have made a code of its own for it.
  return administering.has(command.do) || operating.has(command.do) ? byChange : 0;
}

/**
 * Whether what happened at a moment, true time, may have been forgotten before it was first read, with nobody to tell so: the lock
 * remembers no more than it is declared to, and its protocol has no word for a gap. Never where it has one.
 */
export function mayBeForgotten(trace: Trace, ms: number): boolean {
  const { lacks, declaration } = trace.header;
  if (!lacks?.includes('gaps')) return false;
  const whole = history(trace).readings.filter(({ as, complete }) => as === 'owner' && complete);
  const first = whole.find(({ endMs }) => endMs >= ms + declaration.timing.eventMs) ?? whole.at(-1);
  const since = trace.entries.filter((entry, i) => entry.atMs >= ms && i < (first?.endEntry ?? Infinity));
  return since.reduce((sum, entry) => sum + mostEvents(entry), 0) >= declaration.limits.eventBuffer;
}
