import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { beliefAt, beliefs, same } from '../../oracle/belief.ts';
import { history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { found } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'REV-003',
  area: 'rev',
  level: 'must',
  mark: 'device',
  text: 'While the lock is out of reach, nothing that was asked of it since is reported as confirmed.',
  source: 'lockproof contract, REV 3; defects O8, OFF-09',
  abilities: [],
  commands: ['createGrant', 'revokeGrant', 'readGrant'],
  observations: [],
  means: ['weather:lock'],
  quick: true,
  needsConsent: [],
  feed: { machine: 'rev' },
  judge(trace) {
    const past = history(trace);
    const link = reach(trace);
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const [name, story] of beliefs(trace)) {
      const id = past.grantIds.get(name);
      for (const { view, call } of past.grantViews.filter((seen) => seen.view.id === id)) {
        const belief = beliefAt(story, call.answerEntry);
        const down = link.downSince(call.answerMs, call.answerEntry);
        // Only where the lock cannot already be as wanted, and the wish is younger than the outage.
        const undecided =
          belief !== undefined &&
          !belief.confirmed &&
          belief.device.some((held) => !belief.wish.some((wish) => same(wish, held)));
        if (!undecided || down === null || belief.wishMs <= down || view.sync === 'failed') continue;
        witnessed += 1;
        if (view.sync === 'confirmed')
          findings.push(
            found(
              call.answerEntry,
              `${name} was reported as confirmed ${view.wish} while the lock was out of reach`,
              'pending until the lock itself has reported',
            ),
          );
      }
    }
    return conclude(witnessed, findings, 'nothing was asked for while the lock was out of reach');
  },
};
