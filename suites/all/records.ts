import type { Finding, Trace } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import type { Weighed } from './controls.ts';
import { found } from './words.ts';

/** What was told and shown before an entry, and is told and shown after it: ids and events are still there and the same. */
export function keptRecords(trace: Trace, since: number): Weighed {
  const past = history(trace);
  const findings: Finding[] = [];
  const before = past.readings.findLast(({ from, complete, endEntry }) => from === 'start' && complete && endEntry < since);
  const later = past.readings.filter(({ from, complete, endEntry }) => from === 'start' && complete && endEntry > since);
  const spell = (event: unknown): string => JSON.stringify(event);
  for (const reading of before ? later : []) {
    const now = new Map(reading.events.map(({ event }) => [event.id, spell(event)]));
    const lost = before?.events.filter(({ event }) => now.get(event.id) !== spell(event)) ?? [];
    if (lost.length > 0)
      findings.push(
        found(reading.endEntry, `${lost.length} events told before are gone or changed`, 'what was told stays as it was'),
      );
  }
  for (const { command, answer, answerEntry, askEntry } of past.calls) {
    if (askEntry < since || answer?.kind !== 'refused' || answer.reason.class !== 'missing') continue;
    const read = command.do === 'readUser' ? command.user : command.do === 'readGrant' ? command.grant : null;
    const ended = past.calls.some(
      (one) =>
        (one.command.do === 'revokeGrant' && one.command.grant === read) ||
        (one.command.do === 'removeUser' && one.command.user === read),
    );
    if (read !== null && !ended)
      findings.push(found(answerEntry, `${read} is not there any more`, 'the same id, the same thing'));
  }
  const locks = past.lockViews.filter(({ call }) => call.command.do === 'readLock' || call.command.do === 'replaceLock');
  const [first] = locks;
  for (const { view, call } of locks)
    if (first && call.askEntry > since && view.id !== first.view.id)
      findings.push(found(call.answerEntry, 'the lock has another id than before', 'ids are stable'));
  return { witnessed: before ? later.length : 0, findings };
}
