import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { wrongDenials } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'MULTI-001',
  area: 'multi',
  level: 'must',
  mark: 'device',
  text: 'What one integration set is not lost, changed or taken over by what another does.',
  source: 'lockproof contract, MULTI 1; defects O13, MULTI-01',
  abilities: ['keypad', 'several-integrations'],
  commands: ['createGrant', 'readGrant'],
  observations: ['keypad'],
  means: ['hand:present', 'actor:second'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'all' },
  judge(trace) {
    const seconds = new Set(
      callsOf(history(trace), 'createGrant')
        .filter(({ as }) => as === 'second')
        .map(({ command }) => command.grant),
    );
    const { witnessed, findings } = wrongDenials(
      presentations(trace).filter(({ grant }) => grant !== null && seconds.has(grant)),
      'opened: the other integration granted it and nobody took it away',
    );
    return conclude(witnessed, findings, 'no code of the second integration was presented');
  },
};
