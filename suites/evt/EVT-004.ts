import type { Requirement } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { told } from '../../oracle/acts.ts';
import type { ClockBounds } from '../../oracle/clock.ts';
import { found } from '../all/words.ts';

/** Acts that are closer together than this, and than the lock's clock may err, cannot be told apart by their times. */
const alikeMs = 2_000;

const tolerance = (clock: ClockBounds, tookMs: number): number => Math.max(-clock.loMs, clock.hiMs) + tookMs + 1_000;

export const requirement: Requirement = {
  id: 'EVT-004',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'Acts performed while the lock was out of reach arrive after it reconnects, with their own time and in order.',
  source: 'lockproof contract, EVT 4; defects O5, O7',
  abilities: ['events', 'local-credentials'],
  commands: ['readEvents'],
  observations: ['bolt'],
  means: ['hand:present', 'weather:lock'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { machine: 'evt' },
  judge(trace) {
    const { pairs, untold } = told(trace);
    const offline = pairs.filter(({ act }) => act.offline && act.certain);
    const findings = [
      ...untold
        .filter((act) => act.offline)
        .map((act) =>
          found(act.entry, `${act.verb} by ${act.method}, done out of reach, never arrived`, 'one event after the reconnect'),
        ),
      ...offline
        .filter(
          ({ heard: { event }, act }) =>
            act.clock.known === 'yes' &&
            (event.deviceMs === null || Math.abs(event.deviceMs - act.atMs) > tolerance(act.clock, act.atMs - act.fromMs)),
        )
        .map(({ heard, act }) =>
          found(
            heard.entry,
            `${act.verb}, done out of reach, was told with another time than its own`,
            'the time at which it happened, by the clock of the lock',
          ),
        ),
      ...offline.slice(1).flatMap(({ act, heard }, i) => {
        const before = offline[i];
        return before &&
          before.act.clock.known === 'yes' &&
          act.clock.known === 'yes' &&
          act.fromMs - before.act.atMs > alikeMs + act.clock.hiMs - act.clock.loMs &&
          before.heard.entry > heard.entry
          ? [found(heard.entry, 'acts done out of reach arrived in another order', 'the order in which they happened')]
          : [];
      }),
    ];
    return conclude(offline.length, findings, 'nothing was done out of reach and told afterwards');
  },
};
