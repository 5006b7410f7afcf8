import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { wrongDenials } from '../all/words.ts';

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
    return conclude(witnessed, findings, 'no code set at the lock was presented');
  },
};
