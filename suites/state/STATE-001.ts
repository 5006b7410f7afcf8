import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { boltDuring } from '../../oracle/bolt.ts';
import { clockBounds } from '../../oracle/clock.ts';
import { found } from '../all/words.ts';

export const requirement: Requirement = {
  id: 'STATE-001',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'A bolt state reported as confirmed was true at some moment between its own as-of time and the report.',
  source: 'lockproof contract, STATE 1; defects O8',
  abilities: [],
  commands: ['readLock'],
  observations: ['bolt'],
  means: [],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'all' },
  judge(trace) {
    const claims = history(trace).lockViews.filter(
      ({ view }) => view.evidence === 'confirmed' && (view.bolt === 'locked' || view.bolt === 'unlocked'),
    );
    const clock = clockBounds(trace);
    const findings = claims.flatMap(({ view, call }) => {
      const bounds = clock(call.answerMs);
      const fromMs = Math.min(call.askMs, (view.asOfMs ?? call.askMs) - Math.max(0, bounds.hiMs)) - 1_000;
      const seen = boltDuring(trace, fromMs, call.answerMs);
      return seen.size === 0 || seen.has(view.bolt)
        ? []
        : [
            found(
              call.answerEntry,
              `the bolt was reported as confirmed ${view.bolt} while it was ${[...seen].join(' and ')}`,
              'a confirmed state is true',
            ),
          ];
    });
    return conclude(claims.length, findings, 'no state was reported as confirmed');
  },
};
