import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { wrongDenials } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'REV-004',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'A code that was confirmed as set stays set: it opens whenever its grant allows, whatever is done to other grants.',
  source: 'lockproof contract, REV 10 and ALL 2; defects O13',
  abilities: ['keypad'],
  commands: ['createGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'rev' },
  judge(trace) {
    const due = presentations(trace).filter(
      ({ grant, terms, offline }) => grant !== 'g0' && terms?.window.startMs === null && !offline,
    );
    const { witnessed, findings } = wrongDenials(due, 'opened: the lock had confirmed this code, and nothing took it away');
    return conclude(witnessed, findings, 'no confirmed code was presented');
  },
};
