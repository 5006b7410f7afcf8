import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { told } from '../../oracle/acts.ts';
import { clockBounds } from '../../oracle/clock.ts';
import { history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { clearMs, hear, meet } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** When the bolt came to rest while the lock was out of reach, in the outage with most of such moments. */
function longestOutage(trace: Trace): readonly number[] {
  const link = reach(trace);
  const outages = new Map<number, number[]>();
  for (const entry of trace.entries) {
    if (entry.kind !== 'moved' || entry.motion.bolt === 'between') continue;
    const down = link.downSince(entry.motion.atMs);
    if (down !== null) outages.set(down, [...(outages.get(down) ?? []), entry.motion.atMs]);
  }
  return [...outages.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
}

/** How many more acts than the lock remembers. */
const beyond = 10;

async function act(stage: Stage): Promise<void> {
  const { limits, timing } = stage.declaration;
  await meet(stage);
  await hear(stage);
  await stage.weather({ on: 'lock', happens: 'cut' });
  await stage.pass(timing.stateMs);
  for (let i = 0; i < limits.eventBuffer + beyond; i += 1) {
    await stage.hand({ act: 'turn', to: i % 2 === 0 ? 'unlocked' : 'locked' });
    // Far enough apart that each event can only be one act's.
    await stage.pass(clearMs(stage.declaration));
  }
  await stage.settle();
  await hear(stage);
}

export const requirement: Requirement = {
  id: 'EVT-009',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'Of more acts than a lock out of reach remembers, the newest are told up to the declared number, and the loss of the others is marked as a gap with its bounds.',
  source: 'lockproof contract, EVT 1; defects O5, EVT-20',
  abilities: ['events'],
  commands: ['readEvents'],
  observations: ['bolt'],
  means: ['hand:turn', 'weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { eventBuffer } = trace.header.declaration.limits;
    const { untold } = told(trace);
    const { events, readings } = history(trace);
    const away = longestOutage(trace);
    const whole = readings.findLast(({ complete }) => complete);
    // Where a protocol cannot tell of a gap, what is judged is how much was kept.
    const tellsGaps = trace.header.lacks?.includes('gaps') !== true;
    const findings: Finding[] = untold
      .filter(({ offline }) => offline && tellsGaps)
      .map(({ entry, verb, method }) =>
        found(
          entry,
          `${verb} by ${method}, done out of reach, is neither told nor within a gap`,
          'an event, or a gap that covers it',
        ),
      );
    if (!whole || away.length <= eventBuffer || whole.endMs < (away.at(-1) ?? 0))
      return conclude(0, findings, 'the lock was never out of reach for more acts than it remembers');
    // Whatever else the lock noted meanwhile takes room too, so all that it told of that time counts.
    const sinceMs = (away[0] ?? 0) + clockBounds(trace)(away[0] ?? 0).loMs;
    const kept = events.filter(({ event }) => event.deviceMs !== null && event.deviceMs >= sinceMs);
    if (kept.length < eventBuffer)
      findings.push(
        found(whole.endEntry, `of ${away.length} acts out of reach ${kept.length} were told`, `the newest ${eventBuffer}`),
      );
    for (const { entry, event } of events)
      if (event.gap && (event.gap.toMs < event.gap.fromMs || event.gap.fromMs > (away.at(-1) ?? 0)))
        findings.push(found(entry, 'the bounds of a gap lie in the wrong order or place', 'around what was lost'));
    return conclude(away.length, findings);
  },
};
