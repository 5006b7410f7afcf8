import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { wrongDenials } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'OFF-001',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'With the platform out of reach, local credentials go on working as declared.',
  source: 'lockproof contract, OFF 1; defects O19',
  abilities: ['keypad', 'local-credentials'],
  commands: ['createGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'weather:lock'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'rev' },
  judge(trace) {
    const { witnessed, findings } = wrongDenials(
      presentations(trace).filter(({ offline }) => offline),
      'opened: the code was on the lock before it lost touch',
    );
    return conclude(witnessed, findings, 'no code was presented out of reach');
  },
};
