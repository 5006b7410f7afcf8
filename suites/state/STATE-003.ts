import type { Requirement, Stage } from '../../contract/requirement.ts';
import { has } from '../../contract/declaration.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { type Sighted, history } from '../../oracle/history.ts';
import type { LockView } from '../../contract/view.ts';
import { reach } from '../../oracle/reach.ts';
import { meet, readLock } from '../all/hands.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const { timing, safety } = stage.declaration;
  await meet(stage);
  await stage.pass(timing.stateMs);
  await readLock(stage);
  for (const percent of [Math.ceil((safety.batteryLowPercent + safety.batteryDeadPercent) / 2), 100]) {
    await stage.hand({ act: 'battery', percent });
    await stage.pass(timing.stateMs);
    await readLock(stage);
  }
  await stage.weather({ on: 'lock', happens: 'cut' });
  await stage.pass(timing.offlineAfterMs + timing.stateMs);
  await readLock(stage);
  await stage.weather({ on: 'lock', happens: 'heal' });
  await stage.pass(timing.reconnectMs + timing.stateMs);
  await readLock(stage);
}

/** What a view says wrongly of the connection; null where nothing can be demanded, empty where it is right. */
function connection(trace: Trace, { view, call }: Sighted<LockView>): readonly Finding[] | null {
  const { offlineAfterMs, reconnectMs, stateMs } = trace.header.declaration.timing;
  const link = reach(trace);
  const [down, up] = [link.downSince(call.askMs), link.upSince(call.answerMs)];
  if (down !== null && call.askMs >= down + offlineAfterMs + stateMs)
    return view.online === false
      ? []
      : [found(call.answerEntry, 'the lock was not shown as offline', `offline ${offlineAfterMs} ms after the last contact`)];
  if (up !== null && call.askMs >= up + reconnectMs + stateMs)
    return view.online === true
      ? []
      : [found(call.answerEntry, 'a lock in reach was not shown as online', `online within ${reconnectMs + stateMs} ms`)];
  return null;
}

/** The same of the battery, which a hand has set. */
function battery(trace: Trace, { view, call }: Sighted<LockView>): readonly Finding[] | null {
  const { safety, timing } = trace.header.declaration;
  const set = trace.entries.findLast((entry, i) => i < call.askEntry && entry.kind === 'acted' && entry.act.act === 'battery');
  const up = reach(trace).upSince(call.answerMs);
  if (set?.kind !== 'acted' || set.act.act !== 'battery' || up === null) return null;
  const { percent } = set.act;
  const isDue = call.askMs >= Math.max(set.atMs, up + timing.reconnectMs) + timing.stateMs;
  if (!isDue || percent <= safety.batteryDeadPercent || percent === safety.batteryLowPercent) return null;
  const isLow = percent < safety.batteryLowPercent;
  const told = view.batteryPercent === null ? view.batteryLow : view.batteryPercent < safety.batteryLowPercent;
  if (told === isLow && (view.batteryLow === null || view.batteryLow === isLow)) return [];
  const said = view.batteryPercent === null ? 'nothing' : `${view.batteryPercent} %`;
  const why = `the battery stood at ${percent} %, and the API said ${said}${view.batteryLow === true ? ', low' : ''}`;
  return [found(call.answerEntry, why, `${isLow ? 'below' : 'above'} the declared warning level within ${timing.stateMs} ms`)];
}

export const requirement: Requirement = {
  id: 'STATE-003',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'Connectivity and battery in the API follow the lock within the declared times.',
  source: 'lockproof contract, STATE 3; defects STATE-10, O8',
  abilities: ['connectivity-report'],
  commands: ['readLock'],
  observations: [],
  means: ['weather:lock'],
  quick: false,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const views = history(trace).lockViews;
    const { declaration, means } = trace.header;
    const links = views.flatMap((seen) => connection(trace, seen) ?? []);
    const powered = has(declaration, 'battery-report') && means.includes('hand:battery');
    const batteries = powered ? views.map((seen) => battery(trace, seen)).filter((one) => one !== null) : [];
    const away = views.filter(
      (seen) => connection(trace, seen) !== null && reach(trace).downSince(seen.call.askMs) !== null,
    ).length;
    const back = views.filter(
      (seen) => connection(trace, seen) !== null && reach(trace).upSince(seen.call.answerMs) !== null,
    ).length;
    return conclude(
      Math.min(away, back, powered ? batteries.length : back),
      [...links, ...batteries.flat()],
      'not all of these were seen: offline, online again, a battery that was changed',
    );
  },
};
