import type { Finding, Trace } from '../../contract/trace.ts';
import type { TransportAct, TransportSight } from '../../contract/wire.ts';
import { found } from '../all/words.ts';

/** One offer that was made to the server, and what it made of it. */
interface Offered {
  readonly entry: number;
  readonly offer: TransportAct['with'];
  readonly sight: TransportSight;
}

/** All that was offered to the server, in its order. */
export const offered = (trace: Trace): readonly Offered[] =>
  trace.entries.flatMap((one, entry) =>
    one.kind === 'wired' && one.act.on === 'transport' && one.sight.on === 'transport'
      ? [{ entry, offer: one.act.with, sight: one.sight }]
      : [],
  );

/** Of what must not be accepted: what could be offered, and what was accepted. Nothing is known where a sound client gets nowhere. */
export function mustNot(
  trace: Trace,
  bad: Readonly<Partial<Record<TransportAct['with'], string>>>,
  expected: string,
): { readonly witnessed: number; readonly findings: readonly Finding[] } {
  const all = offered(trace);
  const isReached = all.some(({ offer, sight }) => offer === 'current' && sight.accepted === true);
  const tried = all.filter(({ offer, sight }) => offer in bad && sight.accepted !== null);
  if (!isReached) return { witnessed: 0, findings: [] };
  const findings = tried
    .filter(({ sight }) => sight.accepted === true)
    .map(({ entry, offer, sight }) =>
      found(
        entry,
        `${bad[offer] ?? offer} was accepted${sight.cipher === null ? '' : ` (${sight.protocol ?? ''} ${sight.cipher})`}`,
        expected,
      ),
    );
  return { witnessed: tried.length, findings };
}
