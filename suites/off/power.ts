import type { Trace } from '../../contract/trace.ts';
import { isUnlimited } from '../../oracle/held.ts';
import { type Presentation, presentations } from '../../oracle/presentations.ts';
import { reach } from '../../oracle/reach.ts';

/** Presentations after a loss of power, by credentials of which a lock can decide whatever its clock knows. */
export function afterPower(trace: Trace): readonly Presentation[] {
  const link = reach(trace);
  return presentations(trace).filter(({ atMs, clock, terms }) => {
    const isAnyTime = terms === null || isUnlimited(terms);
    return link.powerBackAt(atMs) !== null && link.poweredAt(atMs) && (clock.known === 'yes' || isAnyTime);
  });
}
