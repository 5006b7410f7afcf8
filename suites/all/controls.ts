import type { Finding, Trace } from '../../contract/trace.ts';
import { beliefAt, beliefs } from '../../oracle/belief.ts';
import { isControlled } from '../../oracle/control.ts';
import { type Presentation, presentations } from '../../oracle/presentations.ts';
import { reach } from '../../oracle/reach.ts';
import { found, wrongOpenings } from './words.ts';

/** Words of judges that bind a denial to its reason. */

export interface Weighed {
  readonly witnessed: number;
  readonly findings: readonly Finding[];
}

/** As `wrongOpenings`; a denial is a witness only between two openings of a control code. */
export function boundDenials(trace: Trace, all: readonly Presentation[], expected: string): Weighed {
  const { findings } = wrongOpenings(all, expected);
  const denied = all.filter((one) => one.must === 'deny' && one.decision === 'denied' && isControlled(trace, one));
  return { witnessed: denied.length + findings.length, findings };
}

/** Entry of the last settling before `entry`; -1 when there was none. */
export const settledBefore = (trace: Trace, entry: number): number =>
  trace.entries.findLastIndex((one, i) => one.kind === 'settled' && i < entry);

/**
 * Presentations of codes that nobody wants on the lock any more, after a settling with the lock in reach, whether or not
 * the platform ever said that they are gone. Codes that another grant may have are left out.
 */
export function goneAfterSettling(trace: Trace, of: (grant: string) => boolean, expected: string): Weighed {
  const stories = [...beliefs(trace).values()];
  const findings: Finding[] = [];
  let witnessed = 0;
  for (const one of presentations(trace)) {
    const having = stories.filter(({ ever }) => ever.some(({ pin }) => pin === one.pin));
    const story = having[0];
    const belief = story && beliefAt(story, one.entry);
    if (!story || having.length !== 1 || !belief || !story.accepted || !of(story.name) || one.decision === 'unclear') continue;
    const settled = settledBefore(trace, one.entry);
    const up = reach(trace).upSince(one.atMs);
    const settledMs = trace.entries[settled]?.atMs ?? 0;
    const quiet = settled > belief.wishEntry && up !== null && settledMs - up >= trace.header.declaration.timing.settleMs;
    if (!quiet || belief.wish.some((held) => held !== 'absent')) continue;
    if (one.decision === 'granted') {
      witnessed += 1;
      findings.push(found(one.entry, `the PIN ${one.pin} of ${story.name} opened after everything had settled`, expected));
    } else if (isControlled(trace, one)) witnessed += 1;
  }
  return { witnessed, findings };
}
