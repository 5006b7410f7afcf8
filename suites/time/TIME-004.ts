import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { wrongDenials, wrongOpenings } from '../all/words.ts';
import { hadTrouble } from './words.ts';

export const requirement: Requirement = {
  id: 'TIME-004',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'Through drift, steps, loss of power and of the clock, and late synchronisation, windows are enforced within tolerance or by the declared rule.',
  source: 'lockproof contract, TIME 3; defects O4',
  abilities: ['keypad', 'windows'],
  commands: ['createGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'hand:stepClock', 'weather:lock'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'time' },
  judge(trace) {
    const troubled = presentations(trace).filter(
      ({ terms, atMs }) => terms !== null && terms.uses === null && hadTrouble(trace, atMs),
    );
    const outside = wrongOpenings(
      troubled.filter(({ cause }) => cause === 'window'),
      'denied: outside its window, the possible error of the clock included',
    );
    const inside = wrongDenials(troubled, 'opened: inside its window, the possible error of the clock included');
    return conclude(
      outside.witnessed + inside.witnessed,
      [...outside.findings, ...inside.findings],
      'the clock was never in trouble before a presentation',
    );
  },
};
