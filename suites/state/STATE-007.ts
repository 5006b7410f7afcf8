import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { operate, readLock } from '../all/hands.ts';
import { found } from '../all/words.ts';
import { type Operation, operations } from './operations.ts';

const rounds = 2;

async function act(stage: Stage): Promise<void> {
  const { stateMs } = stage.declaration.timing;
  await readLock(stage);
  for (let i = 0; i < rounds; i += 1) {
    for (const to of ['unlock', 'lock'] as const) {
      await operate(stage, to);
      await stage.pass(stateMs);
      await readLock(stage);
    }
  }
}

export const requirement: Requirement = {
  id: 'STATE-007',
  area: 'state',
  level: 'must',
  mark: 'api',
  text: 'What the platform tells of a bolt agrees with the lock or unlock that it told as done, or says that it does not know.',
  source: 'lockproof contract, STATE 1 and 2; defects STATE-01, STATE-06, STATE-09, STATE-14, O8',
  abilities: ['remote-operation', 'operations'],
  commands: ['lock', 'unlock', 'readOperation', 'readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const { stateMs, autoRelockMs } = trace.header.declaration.timing;
    const all = operations(trace).filter(({ state, trouble }) => state === 'done' && trouble === null);
    const moved = (fromMs: number, toMs: number): boolean =>
      trace.entries.some(({ kind, atMs }) => (kind === 'acted' || kind === 'weather') && atMs >= fromMs && atMs <= toMs);
    const isOwn = (one: Operation, askMs: number, answerMs: number): boolean =>
      askMs >= one.toldMs + stateMs &&
      !past.calls.some(
        ({ command, askMs: next }) => (command.do === 'lock' || command.do === 'unlock') && next > one.askMs && next <= answerMs,
      ) &&
      !moved(one.askMs, answerMs) &&
      reach(trace).upSince(answerMs) !== null &&
      // A bolt that throws itself may be on its way back.
      (one.to === 'locked' || answerMs < one.askMs + Math.min(autoRelockMs || Infinity, one.forMs ?? Infinity));
    const due = past.lockViews.flatMap(({ view, call }) => {
      const one = all.find((operation) => isOwn(operation, call.askMs, call.answerMs));
      return one && view.bolt !== 'unknown' ? [{ one, view, call }] : [];
    });
    const findings = due
      .filter(({ one, view }) => view.bolt !== one.to)
      .map(({ one, view, call }) =>
        found(
          call.answerEntry,
          `${Math.round(call.askMs - one.toldMs)} ms after a command was told as done, the bolt was shown as ${view.bolt}`,
          `${one.to}, or unknown`,
        ),
      );
    return conclude(due.length, findings, 'no state was read after a command that was told as done');
  },
};
