import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { clockBounds } from '../../oracle/clock.ts';
import { type Call, callsOf, history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { meet, relock } from '../all/hands.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const { operateMs, reconnectMs, boltMs } = stage.declaration.timing;
  const lateMs = operateMs + 4 * boltMs + 2 * stage.declaration.time.driftMsPerDay + 2_000;
  await meet(stage);
  await relock(stage);
  for (const by of ['cut', 'delay'] as const) {
    if (by === 'cut') await stage.weather({ on: 'lock', happens: by });
    else await stage.weather({ on: 'lock', happens: by, next: 1, delayMs: lateMs });
    await stage.ask('owner', { do: 'unlock', lock: 'door' });
    await stage.pass(lateMs);
    await stage.ask('owner', { do: 'readOperation', operation: 'newest' });
    await stage.weather({ on: 'lock', happens: 'heal' });
    await stage.pass(2 * reconnectMs + lateMs);
    await stage.ask('owner', { do: 'readOperation', operation: 'newest' });
    await relock(stage);
  }
}

/** When the bolt came open, and no hand and no command in its own time brought that about. */
function unexplained(trace: Trace): readonly { readonly entry: number; readonly atMs: number }[] {
  const { operateMs, boltMs } = trace.header.declaration.timing;
  const commands = callsOf(history(trace), 'unlock').filter(({ answer }) => answer?.kind !== 'refused');
  return trace.entries.flatMap((entry, i) => {
    if (entry.kind !== 'moved' || entry.motion.bolt !== 'unlocked') return [];
    const { atMs } = entry.motion;
    const bounds = clockBounds(trace)(atMs);
    const slackMs = boltMs + bounds.hiMs - bounds.loMs + 1_000;
    const byHand = trace.entries.some((one) => one.kind === 'acted' && one.fromMs <= atMs && atMs <= one.atMs);
    const inTime = commands.some(({ askMs, answerMs }) => askMs <= atMs && atMs <= answerMs + operateMs + slackMs);
    return byHand || inTime ? [] : [{ entry: i, atMs }];
  });
}

/** What is told of a command that was not delivered in its time, after that time. */
function endings(trace: Trace, call: Call): readonly Finding[] {
  const { operateMs, stateMs } = trace.header.declaration.timing;
  const id = call.answer?.kind === 'ok' && call.answer.value && 'id' in call.answer.value ? call.answer.value.id : null;
  return callsOf(history(trace), 'readOperation').flatMap(({ answer, askMs, answerEntry }) => {
    if (id === null || answer?.kind !== 'ok' || answer.value.id !== id || askMs < call.answerMs + operateMs + stateMs) return [];
    const { state } = answer.value;
    return state === 'pending' || state === 'done'
      ? [found(answerEntry, `an unlock that was never delivered is ${state} after its time`, 'expired or failed')]
      : [];
  });
}

export const requirement: Requirement = {
  id: 'IDEM-005',
  area: 'idem',
  level: 'must',
  mark: 'device',
  text: 'A lock or unlock that is not delivered in its declared time expires, is told as expired or failed, and is never carried out late.',
  source: 'lockproof contract, IDEM 5; defects O18',
  abilities: ['remote-operation'],
  commands: ['unlock'],
  observations: ['bolt'],
  means: ['hand:turn', 'weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { operateMs, reconnectMs } = trace.header.declaration.timing;
    const link = reach(trace);
    const endMs = trace.entries.at(-1)?.atMs ?? trace.header.startMs;
    const undelivered = callsOf(history(trace), 'unlock').filter(({ askMs, answerMs }) => {
      const down = link.downSince(answerMs + operateMs);
      return down !== null && down <= askMs;
    });
    const seenOn = undelivered.filter(({ answerMs }) => {
      const up = link.upSince(endMs);
      return up !== null && up > answerMs && endMs - up >= reconnectMs;
    });
    const late = unexplained(trace).map(({ entry }) =>
      found(
        entry,
        'the bolt came open by nobody’s hand and by no command in its time',
        'an unlock that comes too late is never carried out',
      ),
    );
    return conclude(
      seenOn.length,
      [...late, ...undelivered.flatMap((call) => endings(trace, call))],
      'no unlock was asked of a lock out of reach until its time was over, and the lock seen on after that',
    );
  },
};
