import type { CommandOf } from '../../contract/command.ts';
import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Trace } from '../../contract/trace.ts';
import { type Call, callsOf, history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { reach } from '../../oracle/reach.ts';
import { found, wrongDenials } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'MULTI-002',
  area: 'multi',
  level: 'must',
  mark: 'device',
  text: 'Codes set at the lock are shown as such and are not destroyed.',
  source: 'lockproof contract, MULTI 2; defects MULTI-12',
  abilities: ['keypad', 'admin-at-lock'],
  commands: ['createGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'hand:enrol'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'all' },
  judge(trace) {
    const byHand = new Set(
      trace.entries.flatMap((entry) => (entry.kind === 'acted' && entry.act.act === 'enrol' ? [entry.act.pin] : [])),
    );
    const { witnessed, findings } = wrongDenials(
      presentations(trace).filter(({ pin, grant }) => grant === null && byHand.has(pin)),
      'opened: it was set at the lock and nobody took it away',
    );
    const hidden = listings(trace).flatMap((call) => {
      const told = call.answer?.kind === 'ok' && call.answer.value.items.some(({ external }) => external);
      return told
        ? []
        : [found(call.answerEntry, 'a code that was set at the lock is not in the list of grants', 'shown, and as set outside')];
    });
    return conclude(witnessed, [...findings, ...hidden], 'no code set at the lock was presented');
  },
};

/** Whole lists that had to show a code of the hand: one surely set, none erased before, and time enough to hear of it. */
function listings(trace: Trace): readonly Call<CommandOf<'listGrants'>>[] {
  const link = reach(trace);
  const { stateMs, reconnectMs } = trace.header.declaration.timing;
  const set = trace.entries.find(
    (entry) => entry.kind === 'acted' && entry.act.act === 'enrol' && entry.sight.keypad === 'accepted',
  );
  const erased = trace.entries.find((entry) => entry.kind === 'acted' && entry.act.act === 'erase');
  if (!set) return [];
  return callsOf(history(trace), 'listGrants').filter(({ answer, askMs }) => {
    const up = link.upSince(askMs);
    const heardMs = up === null ? Infinity : Math.max(set.atMs, up) + stateMs + (up > set.atMs ? reconnectMs : 0);
    return answer?.kind === 'ok' && answer.value.cursor === null && askMs >= heardMs && (!erased || askMs < erased.atMs);
  });
}
