import { has } from '../../contract/declaration.ts';
import type { EventVerb } from '../../contract/event.ts';
import type { Finding, Trace } from '../../contract/trace.ts';
import { beliefAt, beliefs } from '../../oracle/belief.ts';
import { callsOf, type History, history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import type { Weighed } from '../all/controls.ts';
import { found } from '../all/words.ts';
import { keptBolt } from './words.ts';

/** What platform and lock may tell of themselves at any time. */
const own: readonly EventVerb[] = [
  'lock.offline',
  'lock.online',
  'lock.battery-low',
  'lock.battery-ok',
  'lock.clock-changed',
  'token.rotated',
  'log.gap',
  'detail',
  'unknown',
];
const changing = [
  'createGrant',
  'changeGrant',
  'revokeGrant',
  'removeUser',
  'lock',
  'unlock',
  'setMode',
  'scheduleMode',
  'clearModes',
  'replaceLock',
  'installFirmware',
  'addUser',
  'renameUser',
];

/** From the end of the last settling, act or command that may change anything: what is seen after it, seen again, must be the same. */
function calmSince(trace: Trace, before: number): number | null {
  let calm: number | null = null;
  trace.entries.slice(0, before).forEach((entry, i) => {
    if (entry.kind === 'settled') calm = i;
    else if (entry.kind === 'acted' || entry.kind === 'weather') calm = null;
    else if (entry.kind === 'asked' && changing.includes(entry.command.do)) calm = null;
  });
  return calm;
}

/** Everything that was looked at while nothing was asked for: it agrees with what was asked before, and stays as it is. */
export function quiets(trace: Trace): Weighed {
  const past = history(trace);
  const findings: Finding[] = [...disagreements(trace, past), ...changes(trace, past)];
  for (const { entry, event } of past.events) {
    const calm = calmSince(trace, entry);
    const reading = past.readings.find(({ endEntry }) => endEntry > entry);
    const before = past.readings.findLast(({ endEntry }) => calm !== null && endEntry > calm && endEntry < entry);
    // Only what a second reading brings: the first may still tell of what was done before.
    if (!before || !reading || own.includes(event.verb) || event.method === 'auto') continue;
    findings.push(found(entry, `with nothing asked for, an event ${event.verb} came`, 'no event without a cause'));
  }
  const twice = past.readings.filter(({ endEntry }, i) => {
    const first = past.readings[i - 1];
    const calm = calmSince(trace, endEntry);
    return first && calm !== null && first.endEntry > calm;
  });
  return { witnessed: twice.length, findings };
}

/** Views, after settling, that are not what was asked for. */
function disagreements(trace: Trace, past: History): readonly Finding[] {
  const stories = beliefs(trace);
  const told = past.grantViews.flatMap(({ view, call }) => {
    if (calmSince(trace, call.askEntry) === null || reach(trace).upSince(call.answerMs) === null) return [];
    const name = past.nameOf.get(view.id) ?? '';
    const wish = beliefAt(stories.get(name) ?? none, call.answerEntry)?.wish;
    if (!wish) return [];
    const pending =
      view.sync === 'pending'
        ? [found(call.answerEntry, `${name} was still pending after settling`, 'confirmed, or failed')]
        : [];
    const gone = wish.every((held) => held === 'absent') && view.wish !== 'revoked';
    return gone
      ? [...pending, found(call.answerEntry, `${name} was revoked and is shown as ${view.wish}`, 'what was asked for')]
      : pending;
  });
  const contradicted = [...stories.values()].flatMap(({ contradictions }) =>
    contradictions
      .filter(({ entry }) => calmSince(trace, entry) !== null)
      .map(({ entry, grant, field }) =>
        found(entry, `${grant} was shown with another ${field} than asked for`, 'what was asked for'),
      ),
  );
  const bolts = past.lockViews.flatMap(({ view, call }) => {
    const kept = keptBolt(trace, call.askEntry);
    const calm = calmSince(trace, call.askEntry);
    const since = calm === null ? null : (trace.entries[calm]?.atMs ?? null);
    // A bolt that throws itself while it is asked for is told as either.
    const isMoving = trace.entries.slice(call.askEntry, call.answerEntry).some((entry) => entry.kind === 'moved');
    if (!kept || isMoving || since === null || kept.sinceMs > since || view.bolt === 'unknown' || view.bolt === kept.bolt)
      return [];
    const isJam = kept.bolt === 'between' && view.bolt === 'jammed';
    return isJam
      ? []
      : [found(call.answerEntry, `the bolt was ${kept.bolt}, and the API said ${view.bolt}`, 'the same, or unknown')];
  });
  return [...told, ...contradicted, ...bolts, ...unlisted(trace, past)];
}

const none = { name: '', beliefs: [], contradictions: [], vanished: [], ever: [], accepted: false };

/** Whole lists, after settling, that lack what is granted or show what is gone. */
function unlisted(trace: Trace, past: History): readonly Finding[] {
  return callsOf(past, 'listGrants').flatMap((call) => {
    const isWhole = call.command.cursor === undefined && call.answer?.kind === 'ok' && call.answer.value.cursor === null;
    if (!isWhole || call.answer?.kind !== 'ok' || calmSince(trace, call.askEntry) === null) return [];
    const { items } = call.answer.value;
    return [...beliefs(trace).values()].flatMap((story) => {
      const id = past.grantIds.get(story.name);
      const wish = beliefAt(story, call.answerEntry)?.wish ?? [];
      const times = items.filter((item) => item.id === id).length;
      if (id === undefined || wish.length === 0) return [];
      if (wish.every((held) => held !== 'absent') && times !== 1)
        return [found(call.answerEntry, `${story.name} is in force and is listed ${times} times`, 'listed once')];
      return [];
    });
  });
}

/** The same thing, looked at twice with nothing asked for in between, and not the same. */
function changes(trace: Trace, past: History): readonly Finding[] {
  const { timing } = trace.header.declaration;
  const relocks = has(trace.header.declaration, 'auto-relock') && timing.autoRelockMs > 0;
  const seen = [
    ...past.grantViews.map(({ view, call }) => ({ key: view.id, call, bolt: null, says: JSON.stringify(view) })),
    ...past.lockViews.map(({ view: { id, name, bolt, zone, firmware, serial, online }, call }) => ({
      key: id,
      call,
      bolt,
      says: JSON.stringify({ name, zone, firmware, serial, online }),
    })),
  ].toSorted((a, b) => a.call.answerEntry - b.call.answerEntry);
  return seen.flatMap(({ key, call, bolt, says }, i) => {
    const calm = calmSince(trace, call.askEntry);
    const before = calm === null ? undefined : seen.findLast((one, k) => k < i && one.key === key && one.call.askEntry > calm);
    if (!before) return [];
    // A bolt that was left open throws itself, where that is declared; where it really is, is compared elsewhere.
    const isSameBolt = before.bolt === bolt || (relocks && before.bolt === 'unlocked' && bolt === 'locked');
    return before.says === says && isSameBolt
      ? []
      : [found(call.answerEntry, 'with nothing asked for, the same thing was shown otherwise than before', 'the same as before')];
  });
}
