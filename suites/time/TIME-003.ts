import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { beliefs } from '../../oracle/belief.ts';
import { callsOf, history } from '../../oracle/history.ts';
import { found } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'TIME-003',
  area: 'time',
  level: 'must',
  mark: 'api',
  text: 'Changing one field of a grant leaves all others as they were.',
  source: 'lockproof contract, TIME 5; defects O14',
  abilities: [],
  commands: ['createGrant', 'changeGrant', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { machine: 'rev' },
  judge(trace) {
    const past = history(trace);
    const changed = callsOf(past, 'changeGrant').filter(({ answer }) => answer?.kind === 'ok');
    const findings: Finding[] = [...beliefs(trace).values()].flatMap(({ contradictions, name }) =>
      contradictions
        .filter(
          ({ field, entry }) =>
            (field === 'pin' || field === 'window' || field === 'uses' || field === 'lastsMs' || field === 'duress') &&
            changed.some((call) => call.command.grant === name && call.answerEntry <= entry),
        )
        .map(({ entry, grant, field }) =>
          found(
            entry,
            `after a change, ${grant} was shown with a ${field} that nobody asked for`,
            'only the changed field changes',
          ),
        ),
    );
    return conclude(changed.length, findings, 'nothing was changed');
  },
};
