import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { found } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'REV-002',
  area: 'rev',
  level: 'must',
  mark: 'api',
  text: 'A revocation is pending until the lock has confirmed it, and reaches a terminal state within the declared time once the lock is reachable.',
  source: 'lockproof contract, REV 2; defects O3, O18',
  abilities: [],
  commands: ['createGrant', 'revokeGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { machine: 'rev' },
  judge(trace) {
    const past = history(trace);
    const link = reach(trace);
    const { revokeMs, reconnectMs } = trace.header.declaration.timing;
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const call of callsOf(past, 'revokeGrant')) {
      if (call.answer?.kind !== 'ok') continue;
      const id = past.grantIds.get(call.command.grant);
      const later = past.grantViews.filter(({ view, call: seen }) => view.id === id && seen.askEntry > call.answerEntry);
      // What is gone when it is asked for again has come to its end as well.
      const isGone = callsOf(past, 'readGrant').some(
        ({ command, answer, askEntry }) =>
          command.grant === call.command.grant &&
          askEntry > call.answerEntry &&
          answer?.kind === 'refused' &&
          answer.reason.class === 'missing',
      );
      const isOver = call.answer.value.sync !== 'pending' || later.some(({ view }) => view.sync !== 'pending');
      if (isOver || isGone) witnessed += 1;
      for (const { view, call: seen } of later) {
        const up = link.upSince(seen.answerMs, seen.answerEntry);
        if (view.sync !== 'pending' || up === null) continue;
        const dueMs = Math.max(call.answerMs, up) + revokeMs + (up > call.answerMs ? reconnectMs : 0);
        if (seen.askMs <= dueMs) continue;
        const lateMs = Math.round(seen.askMs - Math.max(call.answerMs, up));
        findings.push(
          found(
            seen.answerEntry,
            `${call.command.grant} was still pending ${lateMs} ms after its revocation with the lock in reach`,
            `confirmed or failed within ${revokeMs} ms`,
          ),
        );
      }
    }
    return conclude(witnessed, findings, 'no revocation was followed to its end');
  },
};
