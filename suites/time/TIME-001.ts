import type { Terms, Window } from '../../contract/grant.ts';
import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { wrongDenials, wrongOpenings } from '../all/words.ts';

const isLimited = (window: Window): boolean => window.startMs !== null || window.endMs !== null || window.recurrence !== null;

/** Whether its window alone says when it opens: no use brings it to an end. */
const isByTime = ({ uses, lastsMs }: Terms): boolean => uses === null && lastsMs === undefined;

export const requirement: Requirement = {
  id: 'TIME-001',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'A grant opens if and only if its effective window allows it, at both edges, within declared drift, resolution and rounding.',
  source: 'lockproof contract, TIME 1; defects O4',
  abilities: ['keypad', 'windows'],
  commands: ['createGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'time' },
  judge(trace) {
    const windowed = presentations(trace).filter(
      ({ terms, clock, offline }) => terms !== null && isLimited(terms.window) && isByTime(terms) && !clock.disturbed && !offline,
    );
    const outside = wrongOpenings(
      windowed.filter(({ cause }) => cause === 'window'),
      'denied: outside its window',
    );
    const inside = wrongDenials(windowed, 'opened: inside its window');
    return conclude(
      Math.min(outside.witnessed, inside.witnessed),
      [...outside.findings, ...inside.findings],
      'no window was tried on both sides',
    );
  },
};
