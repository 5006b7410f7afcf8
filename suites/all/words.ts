import type { Finding } from '../../contract/trace.ts';
import type { Presentation } from '../../oracle/presentations.ts';

/** Words that several judges share. */

export const found = (atEntry: number, why: string, expected: string): Finding => ({ atEntry, why, expected });

/** Openings that nothing allows, among presentations that had to be denied; `witnessed` counts those. */
export function wrongOpenings(
  all: readonly Presentation[],
  expected: string,
): { witnessed: number; findings: readonly Finding[] } {
  const due = all.filter((one) => one.must === 'deny' && one.decision !== 'unclear');
  const findings = due
    .filter((one) => one.decision === 'granted')
    .map((one) =>
      found(
        one.entry,
        `the PIN ${one.pin}${one.grant ? ` of ${one.grant}` : ''} opened, and nothing allowed it (${one.cause ?? 'no cause'})`,
        expected,
      ),
    );
  return { witnessed: due.length, findings };
}

/** Denials of what had to open. */
export function wrongDenials(
  all: readonly Presentation[],
  expected: string,
): { witnessed: number; findings: readonly Finding[] } {
  const due = all.filter((one) => one.must === 'open' && one.decision !== 'unclear');
  const findings = due
    .filter((one) => one.decision === 'denied')
    .map((one) => found(one.entry, `the PIN ${one.pin}${one.grant ? ` of ${one.grant}` : ''} was denied`, expected));
  return { witnessed: due.length, findings };
}
