import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { wrongOpenings } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'REV-001',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'After a revocation or any other narrowing is confirmed, no presentation opens by virtue of what was taken away, ever again.',
  source: 'lockproof contract, REV 1; defects O3',
  abilities: ['keypad'],
  commands: ['createGrant', 'revokeGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'rev' },
  judge(trace) {
    const taken = presentations(trace).filter(({ cause }) => cause === 'revoked' || cause === 'narrowed');
    const { witnessed, findings } = wrongOpenings(taken, 'denied: the lock had confirmed that this was taken away');
    return conclude(witnessed, findings, 'nothing that was taken away was presented');
  },
};
