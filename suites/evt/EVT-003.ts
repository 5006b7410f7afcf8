import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { found } from '../all/words.ts';

/** Of so many events that a lock makes one at least is told here. */
const fullShare = 3;

/**
 * Which of the events that were read before must be in a reading of the whole feed: all, but where a protocol has no word for a
 * gap and the lock may be full, what is older than all that it still tells may have been forgotten.
 */
function remembered(trace: Trace, ids: readonly string[], seen: number): (id: string) => boolean {
  const { lacks, declaration } = trace.header;
  if (!lacks?.includes('gaps') || fullShare * seen < declaration.limits.eventBuffer) return () => true;
  const order = [...history(trace).events].map(({ event }) => event.id);
  const oldest = order.indexOf(ids[0] ?? '');
  return (id) => oldest >= 0 && order.indexOf(id) >= oldest;
}

export const requirement: Requirement = {
  id: 'EVT-003',
  area: 'evt',
  level: 'must',
  mark: 'api',
  text: 'The event feed is append-only: what was read once never changes, moves or vanishes, and a cursor neither skips nor repeats.',
  source: 'lockproof contract, EVT 3; defects O7',
  abilities: ['events'],
  commands: ['readEvents'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { machine: 'evt' },
  judge(trace) {
    const readings = history(trace).readings.filter(({ as, complete }) => as === 'owner' && complete);
    const findings: Finding[] = [];
    let witnessed = 0;
    let whole: readonly string[] = [];
    const byId = new Map<string, string>();
    let onward: string[] = [];
    for (const reading of readings) {
      const ids = reading.events.map(({ event }) => event.id);
      for (const { entry, event } of reading.events) {
        const before = byId.get(event.id);
        const now = JSON.stringify(event);
        if (before !== undefined && before !== now)
          findings.push(found(entry, 'an event was read again with another content', 'what was read once never changes'));
        byId.set(event.id, now);
        witnessed += before === undefined ? 0 : 1;
      }
      const repeated = ids.find((id, i) => ids.indexOf(id) !== i || (reading.from === 'last' && onward.includes(id)));
      if (repeated !== undefined)
        findings.push(
          found(reading.endEntry, 'one reading held the same event twice, or the cursor repeated one', 'a cursor never repeats'),
        );
      if (reading.from === 'start') {
        const kept = remembered(trace, ids, byId.size);
        const moved = whole.filter(kept).findIndex((id, i) => ids[i] !== id);
        if (moved >= 0)
          findings.push(
            found(
              reading.endEntry,
              `of ${whole.length} events read before, number ${moved + 1} had moved or vanished`,
              'the earlier reading is the beginning of the later one',
            ),
          );
        whole = ids;
        const skipped = onward.filter(kept).find((id) => !ids.includes(id));
        if (skipped !== undefined)
          findings.push(
            found(
              reading.endEntry,
              'an event read by cursor is missing when the feed is read from the start',
              'both ways tell the same',
            ),
          );
      } else onward = [...onward, ...ids];
    }
    const last = readings.at(-1);
    const cursor = readings.findLast(({ from }) => from === 'last');
    if (last?.from === 'start' && cursor) {
      const before = whole.slice(0, whole.indexOf(onward.at(-1) ?? '') + 1);
      if (before.some((id) => !onward.includes(id)))
        findings.push(found(last.endEntry, 'the cursor skipped an event', 'a cursor never skips'));
    }
    return conclude(witnessed, findings, 'the feed was never read twice');
  },
};
