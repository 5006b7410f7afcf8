import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { changedOffline } from '../all/offline.ts';
import { wrongDenials, wrongOpenings } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'OFF-002',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'After an outage everything converges: what was wanted meanwhile is what the lock does.',
  source: 'lockproof contract, OFF 1 and REV 3; defects OFF-01, O9',
  abilities: ['keypad'],
  commands: ['createGrant', 'revokeGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'weather:lock'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'rev' },
  judge(trace) {
    const converged = presentations(trace).filter(
      ({ grant, offline, entry }) => grant !== null && !offline && changedOffline(trace, grant, entry),
    );
    const gone = wrongOpenings(
      converged.filter(({ cause }) => cause === 'revoked' || cause === 'narrowed'),
      'denied: the last word was to take it away',
    );
    const there = wrongDenials(converged, 'opened: the last word was to allow it');
    return conclude(
      gone.witnessed + there.witnessed,
      [...gone.findings, ...there.findings],
      'nothing that was changed during an outage was presented after it',
    );
  },
};
