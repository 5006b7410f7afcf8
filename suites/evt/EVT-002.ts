import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { told } from '../../oracle/acts.ts';
import { history } from '../../oracle/history.ts';
import { found } from '../all/words.ts';
import { misattributed } from '../all/attribution.ts';

export const requirement: Requirement = {
  id: 'EVT-002',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'The event of an act carries the right actor, credential, method and lock.',
  source: 'lockproof contract, EVT 1; defects O6',
  abilities: ['events'],
  commands: ['readEvents'],
  observations: ['bolt'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'evt' },
  judge(trace) {
    const past = history(trace);
    const { pairs } = told(trace);
    const certain = pairs.filter(({ act, due }) => due && act.certain && act.method !== 'unknown');
    const findings = certain.flatMap(({ act, heard }) => {
      const wrong = misattributed(past, act, heard.event);
      return wrong
        ? [found(heard.entry, wrong, `an event of ${act.verb} by ${act.method}${act.grant ? ` with ${act.grant}` : ''}`)]
        : [];
    });
    return conclude(certain.length, findings, 'no act was told');
  },
};
