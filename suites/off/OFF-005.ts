import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { told } from '../../oracle/acts.ts';
import { history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { boundDenials } from '../all/controls.ts';
import { addUser, enter, enterBetween, give, giveControl, hear, take } from '../all/hands.ts';
import { found, wrongDenials } from '../all/words.ts';
import { afterPower } from './power.ts';

const minuteMs = 60_000;

async function act(stage: Stage): Promise<void> {
  const { timing } = stage.declaration;
  await giveControl(stage);
  await addUser(stage, 'u1');
  for (const i of [1, 2, 3]) await give(stage, `g${i}`, `plain${i}`, { user: 'u1' });
  await take(stage, 'g2');
  // What is done out of reach is on the lock alone when its power goes; few acts, for a lock that remembers few.
  for (const [pin, offMs] of [['plain1', timing.stateMs] as const, ['plain3', 10 * minuteMs] as const]) {
    await stage.weather({ on: 'lock', happens: 'cut' });
    await stage.pass(timing.stateMs);
    await enter(stage, pin);
    await stage.pass(timing.stateMs);
    await stage.hand({ act: 'power', on: false });
    await stage.pass(offMs);
    await stage.hand({ act: 'power', on: true });
    await stage.pass(timing.reconnectMs);
    await enterBetween(stage, ['plain2']);
    await stage.weather({ on: 'lock', happens: 'heal' });
    await stage.pass(timing.reconnectMs + timing.eventMs);
  }
  await stage.settle();
  await hear(stage);
  await enterBetween(stage, ['plain1', 'plain2', 'plain3']);
}

/** Gaps in what was told, though less was done than the lock is declared to remember. */
function needlessGaps(trace: Trace): readonly Finding[] {
  const link = reach(trace);
  const done = trace.entries.filter(({ kind, atMs }) => (kind === 'acted' || kind === 'moved') && link.upSince(atMs) === null);
  // Each may make two records: the bolt moved, and a use was spent or the lock started anew.
  if (2 * done.length > trace.header.declaration.limits.eventBuffer) return [];
  return history(trace)
    .events.filter(({ event }) => event.gap !== null)
    .map(({ entry }) => found(entry, 'a gap was told, though the lock remembers more than was done', 'the log survives whole'));
}

export const requirement: Requirement = {
  id: 'OFF-005',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'Codes, revocations and the log survive a loss of power: what was confirmed before still opens, what was revoked is still denied, and what was done is told.',
  source: 'lockproof contract, OFF 6 and REV 1; defects O3, O5, O19',
  abilities: ['keypad', 'local-credentials', 'events'],
  commands: ['createGrant', 'revokeGrant', 'readEvents'],
  observations: ['bolt', 'keypad'],
  means: ['hand:present', 'hand:power', 'weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const after = afterPower(trace);
    const opens = wrongDenials(after, 'opened: it was on the lock before the power went');
    const shut = boundDenials(
      trace,
      after.filter(({ cause }) => cause === 'revoked'),
      'denied: it was revoked before the power went',
    );
    const { pairs, untold } = told(trace);
    const cuts = trace.entries.flatMap((entry) =>
      entry.kind === 'acted' && entry.act.act === 'power' && !entry.act.on ? [entry.atMs] : [],
    );
    const isBefore = (one: { readonly offline: boolean; readonly atMs: number }): boolean =>
      one.offline && cuts.some((ms) => one.atMs < ms);
    const lost = untold
      .filter(isBefore)
      .map(({ entry, verb, method }) =>
        found(entry, `${verb} by ${method}, done before the power went, was never told`, 'the log survives'),
      );
    const acts = pairs.filter(({ act: one }) => one.certain && isBefore(one)).length + lost.length;
    const gaps = needlessGaps(trace);
    return conclude(
      Math.min(opens.witnessed, shut.witnessed, acts + gaps.length),
      [...opens.findings, ...shut.findings, ...lost, ...gaps],
      'no code in force, revoked code and act before it were seen through a loss of power',
    );
  },
};
