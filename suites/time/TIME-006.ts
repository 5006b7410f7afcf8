import type { Requirement } from '../../contract/requirement.ts';
import { isAlways } from '../../contract/time.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { wrongDenials, wrongOpenings } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'TIME-006',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'One-time and counted codes open exactly as often as granted.',
  source: 'lockproof contract, TIME 7; defects TIME-19',
  abilities: ['keypad', 'use-counts'],
  commands: ['createGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'time' },
  judge(trace) {
    const counted = presentations(trace).filter(({ terms }) => terms !== null && terms.uses !== null);
    const beyond = wrongOpenings(
      counted.filter(({ cause }) => cause === 'used-up'),
      'denied: all its uses were spent',
    );
    // Whether a window let somebody in is TIME-001's: a clock that is wrong has not miscounted.
    const open = counted.filter(({ terms }) => terms && isAlways(terms.window));
    const within = wrongDenials(open, 'opened: it had uses left');
    return conclude(
      Math.min(beyond.witnessed, within.witnessed),
      [...beyond.findings, ...within.findings],
      'no counted code was used and used up',
    );
  },
};
