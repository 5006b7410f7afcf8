import type { PinSymbol } from '../../contract/grant.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { isControlled } from '../../oracle/control.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { type Presentation, presentations } from '../../oracle/presentations.ts';
import { settledBefore } from '../all/controls.ts';
import { found } from '../all/words.ts';

/** An unlimited grant whose PIN was asked to change, for the only time between two instants of its history. */
export interface PinChange {
  readonly grant: string;
  readonly before: PinSymbol;
  readonly after: PinSymbol;
  /** Where it was asked, and where the grant is next written to, or the trace ends. */
  readonly entry: number;
  readonly untilEntry: number;
  readonly refused: boolean;
}

/** Changes of PINs of grants without limits, each with the stretch of the trace that it governs. */
export function pinChanges(trace: Trace): readonly PinChange[] {
  const past = history(trace);
  return callsOf(past, 'createGrant').flatMap(({ command: made, answer }) => {
    if (
      answer?.kind !== 'ok' ||
      made.uses !== null ||
      made.lastsMs !== undefined ||
      made.window.startMs !== null ||
      made.window.endMs !== null
    )
      return [];
    const writes = past.calls.filter(
      ({ command }) => (command.do === 'changeGrant' || command.do === 'revokeGrant') && command.grant === made.grant,
    );
    let pin = made.pin;
    let isSure = made.window.recurrence === null;
    return writes.flatMap(({ command, askEntry, answer: said }, i): PinChange[] => {
      const after = command.do === 'changeGrant' ? command.change.pin : undefined;
      const change = command.do === 'changeGrant' ? Object.keys(command.change) : [];
      const before = pin;
      const wasSure = isSure;
      const refused = said?.kind === 'refused';
      // After a lost answer, and after a change of anything else, this simple story tells no more.
      isSure = wasSure && change.length === 1 && after !== undefined && said !== null && said.kind !== 'lost';
      if (!refused && after !== undefined) pin = after;
      if (!isSure || after === undefined) return [];
      const untilEntry = writes[i + 1]?.askEntry ?? trace.entries.length;
      return [{ grant: made.grant, before, after, entry: askEntry, untilEntry, refused }];
    });
  });
}

const within = (trace: Trace, change: PinChange): readonly Presentation[] =>
  presentations(trace).filter(
    ({ entry, pin, decision }) =>
      entry > change.entry &&
      entry < change.untilEntry &&
      decision !== 'unclear' &&
      (pin === change.before || pin === change.after),
  );

/** Each time that old, new and old again were tried in a row between openings of a control code; a finding if none opened. */
export function triedTwice(trace: Trace, change: PinChange): readonly { readonly finding: Finding | null }[] {
  if (change.refused) return [];
  const all = within(trace, change);
  return all.flatMap((third, i) => {
    const [first, second] = [all[i - 2], all[i - 1]];
    if (!first || !second || first.pin !== change.before || second.pin !== change.after || third.pin !== change.before) return [];
    if (![first, second, third].every((one) => isControlled(trace, one))) return [];
    const none = [first, second, third].every(({ decision }) => decision === 'denied');
    const why = `neither ${change.before} nor ${change.after} of ${change.grant} opened after its PIN was to be changed`;
    return [{ finding: none ? found(third.entry, why, 'the old code or the new one is in force at any time') : null }];
  });
}

/** Codes of an accepted change that both open, or both do not, once everything has settled. */
export function lastPresented(trace: Trace, changes: readonly PinChange[]): readonly Finding[] {
  return changes.flatMap((change) => {
    const all = within(trace, change).filter(({ entry }) => settledBefore(trace, entry) > change.entry);
    const [old, next] = [change.before, change.after].map((pin) => all.find((one) => one.pin === pin));
    if (!old || !next || change.refused || old.decision !== 'granted' || next.decision !== 'granted') return [];
    const why = `both ${change.before} and ${change.after} of ${change.grant} opened after everything had settled`;
    return [found(Math.max(old.entry, next.entry), why, 'exactly one of them is in force')];
  });
}
