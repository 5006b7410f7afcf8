import type { Window } from '../../contract/grant.ts';
import type { Stage } from '../../contract/requirement.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { beliefs } from '../../oracle/belief.ts';
import { type History, history } from '../../oracle/history.ts';
import { unbounded } from '../all/asks.ts';
import { found } from '../all/words.ts';
import { dayMs, hourMs } from './civil.ts';

/** What is shown of grants, held against what was asked for. */

export interface Misfit {
  readonly finding: Finding;
  readonly field: string;
  /** What the grant was last asked to change; null where it was only made. */
  readonly changed: readonly string[] | null;
}

/** A window on whole hours that begins tomorrow. */
export function nextDays(stage: Stage, days: number): Window {
  const startMs = Math.ceil(stage.nowMs() / hourMs) * hourMs + dayMs;
  return { ...unbounded(stage.declaration), startMs, endMs: startMs + days * dayMs };
}

/** For each grant and field the first view with a PIN, window or count that no accepted command explains. */
export function misfits(trace: Trace): readonly Misfit[] {
  const past = history(trace);
  return [...beliefs(trace).values()].flatMap(({ contradictions }) =>
    contradictions
      .filter(({ field }) => field === 'window' || field === 'pin' || field === 'uses' || field === 'lastsMs')
      .filter(({ field }, i, all) => all.findIndex((one) => one.field === field) === i)
      .map(({ entry, grant, field }) => {
        const changed = lastChange(past, grant, entry);
        const after = changed === null ? 'its creation' : `a change of its ${changed.join(', ')}`;
        const why = `after ${after}, ${grant} was shown with another ${field} than was asked for`;
        return { finding: found(entry, why, 'what was asked for'), field, changed };
      }),
  );
}

function lastChange(past: History, grant: string, entry: number): readonly string[] | null {
  const last = past.calls.findLast(
    ({ command, answer, askEntry }) =>
      askEntry < entry && command.do === 'changeGrant' && command.grant === grant && answer?.kind !== 'refused',
  );
  return last?.command.do === 'changeGrant' ? Object.keys(last.command.change) : null;
}
