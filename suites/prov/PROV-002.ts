import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { beliefs } from '../../oracle/belief.ts';
import { history } from '../../oracle/history.ts';
import { found } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'PROV-002',
  area: 'prov',
  level: 'must',
  mark: 'api',
  text: 'Create, read, update, list and delete agree with each other: every read shows what the accepted commands made.',
  source: 'lockproof contract, PROV 2; defects O9, O15',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { machine: 'rev' },
  judge(trace) {
    const expected = 'what was accepted is what is shown';
    const findings: Finding[] = [...beliefs(trace).values()].flatMap(({ name, contradictions, vanished }) => [
      ...contradictions
        .filter(({ field }) => field === 'wish' || field === 'user' || field === 'lock' || field === 'name')
        .map(({ entry, grant, field, view }) =>
          found(entry, `${grant} was shown as ${view.wish} with a ${field} that no accepted command explains`, expected),
        ),
      ...vanished.map((entry) => found(entry, `${name} is in force, and its maker is told that there is none`, expected)),
    ]);
    return conclude(history(trace).grantViews.length, findings, 'no grant was ever shown');
  },
};
