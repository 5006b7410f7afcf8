import { has } from '../../contract/declaration.ts';
import type { Requirement } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { beliefAt, beliefs } from '../../oracle/belief.ts';
import { fits, type Held, isOver, same } from '../../oracle/held.ts';
import { history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
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
        const down = link.downSince(call.answerMs, call.answerEntry);
        if (down === null || view.sync === 'failed') continue;
        // What it may have held when it was last in reach is what it holds: nothing has come to it since.
        const cut = trace.entries.findLastIndex(({ atMs }, i) => atMs <= down && i < call.answerEntry);
        const before = beliefAt(story, cut + 1)?.device ?? ['absent'];
        // A code whose time was over, or that was used up, may have been cleared while the lock was in reach.
        const held: readonly Held[] = before.some((was) => wasOver(trace, was, down, cut)) ? [...before, 'absent'] : before;
        const wish = story.beliefs.findLast(({ entry }) => entry <= call.answerEntry)?.wish ?? [];
        const shown = wish.filter((one) => fits(view, one, call.answerMs));
        if (shown.length === 0 || shown.some((one) => isOver(one, call.answerMs) || held.some((was) => same(was, one)))) continue;
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
    return conclude(witnessed + unheard(trace), findings, 'nothing was asked for while the lock was out of reach');
  },
};

/** Wishes for a lock out of reach that nobody took: where nobody stands between who could report it, silence is all there can be. */
function unheard(trace: Trace): number {
  if (has(trace.header.declaration, 'connectivity-report')) return 0;
  const link = reach(trace);
  const stormy = trace.entries.findIndex(
    (entry) => entry.kind === 'weather' && entry.weather.on === 'api' && entry.weather.happens !== 'heal',
  );
  return history(trace).calls.filter(
    ({ command, answer, askEntry, askMs }) =>
      /^(create|change|revoke)Grant$/.test(command.do) &&
      answer?.kind === 'lost' &&
      link.downSince(askMs, askEntry) !== null &&
      // What the way to the platform swallows says nothing of the platform.
      (stormy < 0 || askEntry < stormy),
  ).length;
}

/** Whether a code had come to its end by itself when the link went down. */
const wasOver = (trace: Trace, held: Held, downMs: number, cut: number): boolean =>
  isOver(held, downMs) ||
  (held !== 'absent' &&
    (held.uses !== null || held.lastsMs !== undefined) &&
    presentations(trace).filter(({ pin, decision, entry }) => entry < cut && pin === held.pin && decision !== 'denied').length >=
      Math.min(held.uses ?? Infinity, held.lastsMs === undefined ? Infinity : 1));
