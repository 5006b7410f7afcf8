import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { amiss } from './answers.ts';
import { tour } from './tour.ts';

const maxNamed = 6;

export const requirement: Requirement = {
  id: 'ALL-002',
  area: 'all',
  level: 'must',
  mark: 'api',
  text: 'What is documented is what happens: every answer, refusals included, is as the published schema says.',
  source: 'lockproof contract, ALL 3; defects O21, ERR-01',
  abilities: [],
  commands: ['readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act: tour },
  judge(trace) {
    const answered = history(trace).calls.filter(({ answer }) => answer !== null && answer.facts.status !== null);
    const findings = answered.flatMap((call) => {
      const faults = call.answer?.facts.wireFaults ?? [];
      const named = faults.slice(0, maxNamed).join(', ');
      return faults.length > 0
        ? [amiss(call, `the answer of ${call.command.do} departs from the schema at ${named}`, 'as documented')]
        : [];
    });
    return conclude(answered.length, findings, 'nothing was answered');
  },
};
