import type { GrantView } from '../../contract/view.ts';
import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { type Call, type History, history, type Sighted } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { found } from './words.ts';

/** The newest write that may have been accepted before a view was asked for; null where one overlaps it or was lost. */
function lastWrite(past: History, name: string, seen: Call): Call | null {
  const writes = past.calls.filter(
    ({ command, answer, askEntry }) =>
      (command.do === 'createGrant' || command.do === 'changeGrant' || command.do === 'revokeGrant') &&
      command.grant === name &&
      answer?.kind !== 'refused' &&
      askEntry < seen.answerEntry,
  );
  const last = writes.at(-1);
  const isClear = writes.every(({ answer, answerEntry }) => answer?.kind === 'ok' && answerEntry < seen.askEntry);
  return last && isClear ? last : null;
}

/** How long a wish had been pending beyond what is declared; null where nothing can be demanded yet. */
function overdueMs(trace: Trace, write: Call, { view, call: seen }: Sighted<GrantView>): number | null {
  const { grantMs, revokeMs, reconnectMs } = trace.header.declaration.timing;
  const up = reach(trace).upSince(seen.answerMs);
  const sinceMs = Math.max(write.answerMs, up ?? Number.POSITIVE_INFINITY);
  // Before its window a code need not be on the lock, and after it no more.
  const isIn = (view.window?.startMs ?? 0) <= write.answerMs && (view.window?.endMs ?? Infinity) > seen.askMs;
  const dueMs = sinceMs + Math.max(grantMs, revokeMs) + (up !== null && up > write.answerMs ? reconnectMs : 0);
  return isIn && seen.askMs > dueMs ? seen.askMs - sinceMs : null;
}

export const requirement: Requirement = {
  id: 'ALL-003',
  area: 'all',
  level: 'must',
  mark: 'api',
  text: 'Every grant and every change that was accepted is reported as done, or as failed, within the declared time once the lock is reachable.',
  source: 'lockproof contract, ALL 4; defects O18, TIME-11, REV-12',
  abilities: [],
  commands: ['createGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { machine: 'rev' },
  judge(trace) {
    const past = history(trace);
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const sighted of past.grantViews) {
      const name = past.nameOf.get(sighted.view.id);
      const write = name === undefined ? null : lastWrite(past, name, sighted.call);
      // How revocations end is a matter of its own.
      if (name === undefined || !write || write.command.do === 'revokeGrant' || sighted.view.wish === 'revoked') continue;
      if (sighted.view.sync !== 'pending') {
        witnessed += 1;
        continue;
      }
      const lateMs = overdueMs(trace, write, sighted);
      if (lateMs !== null)
        findings.push(
          found(
            sighted.call.answerEntry,
            `${name} was still pending ${Math.round(lateMs)} ms after ${write.command.do} was accepted, with the lock in reach`,
            'confirmed or failed within the declared time',
          ),
        );
    }
    return conclude(witnessed, findings, 'no grant was followed to its end');
  },
};
