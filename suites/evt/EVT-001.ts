import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { told } from '../../oracle/acts.ts';
import { found } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'EVT-001',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'Every physical act makes exactly one event of each declared kind, and no event tells of an act that did not happen.',
  source: 'lockproof contract, EVT 1; defects O5',
  abilities: ['events'],
  commands: ['readEvents'],
  observations: ['bolt'],
  means: ['hand:present'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'evt' },
  judge(trace) {
    const { pairs, untold, invented } = told(trace);
    const online = pairs.filter(({ act }) => !act.offline);
    const findings = [
      ...untold
        .filter((act) => !act.offline)
        .map((act) => found(act.entry, `${act.verb} by ${act.method} made no event`, 'exactly one event')),
      ...invented.map(({ entry, event }) =>
        found(
          entry,
          `the event ${event.verb} by ${event.method ?? 'nobody'} tells of an act that did not happen, or tells of one again`,
          'exactly one event for each act',
        ),
      ),
    ];
    return conclude(online.length, findings, 'no act was told');
  },
};
