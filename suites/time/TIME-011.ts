import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { clockBounds } from '../../oracle/clock.ts';
import { history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { reach } from '../../oracle/reach.ts';
import { anytime, enterBetween, give, giveControl, hasHand, meet, readLock } from '../all/hands.ts';
import { found, wrongDenials } from '../all/words.ts';
import { dayMs } from './civil.ts';

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const { timing } = declaration;
  const tries = has(declaration, 'windows') && has(declaration, 'keypad') && hasHand(stage, 'present');
  await meet(stage);
  if (tries) {
    await giveControl(stage);
    const endMs = (Math.ceil(stage.nowMs() / dayMs) + 30) * dayMs;
    await give(stage, 'g1', 'plain1', { window: { ...anytime(stage), endMs } });
  }
  await readLock(stage);
  await stage.weather({ on: 'lock', happens: 'cut' });
  await stage.hand({ act: 'power', on: false });
  await stage.pass(timing.stateMs);
  await stage.hand({ act: 'power', on: true });
  await stage.pass(timing.stateMs);
  await readLock(stage);
  await stage.pass(timing.offlineAfterMs);
  await readLock(stage);
  await stage.settle();
  await readLock(stage);
  // What a lock that knows the time can do, and one that only is said to know it cannot.
  if (tries) await enterBetween(stage, ['plain1']);
}

/** What was said of the clock after its loss, and after it could be set again. */
function claims(trace: Trace): { readonly lost: number; readonly set: number; readonly findings: readonly Finding[] } {
  const { timing } = trace.header.declaration;
  const clock = clockBounds(trace);
  const link = reach(trace);
  const findings: Finding[] = [];
  let lost = 0;
  let set = 0;
  for (const { view, call } of history(trace).lockViews) {
    const back = link.powerBackAt(call.answerMs);
    if (back === null || !link.poweredAt(call.answerMs) || view.clock === null) continue;
    const down = link.downSince(call.answerMs);
    const up = link.upSince(call.askMs);
    if (down !== null && down <= back && clock(call.answerMs).known === 'no') {
      lost += 1;
      // Synced as it was before the loss, with that as-of, is true of then.
      if (view.clock === 'synced' && view.asOfMs !== null && view.asOfMs > back)
        findings.push(
          found(
            call.answerEntry,
            'the clock was reported as synced after it was lost and before anybody could set it',
            'unsynced, or the state of before with its own time',
          ),
        );
    }
    if (up === null || up < back || call.askMs < up + timing.reconnectMs + timing.stateMs) continue;
    set += 1;
    if (view.clock === 'unsynced')
      findings.push(
        found(
          call.answerEntry,
          'the clock was still reported as not synced after the lock was in reach again',
          `synced within ${timing.reconnectMs + timing.stateMs} ms`,
        ),
      );
  }
  return { lost, set, findings };
}

export const requirement: Requirement = {
  id: 'TIME-011',
  area: 'time',
  level: 'must',
  mark: 'device',
  text: 'The API tells the state of the lock’s clock: one that was lost with the power is not reported as synced before it was set, and is reported as synced after that, when it is.',
  source: 'lockproof contract, TIME 3; defects TIME-26, TIME-07, O8',
  abilities: ['clock-report'],
  commands: ['readLock'],
  observations: [],
  means: ['hand:power', 'weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { time } = trace.header.declaration;
    if (time.keepsClock)
      return {
        kind: 'not-applicable',
        lacking: 'a clock that is lost',
        because: 'the clock is declared to survive a loss of power',
      };
    const { lost, set, findings } = claims(trace);
    const opens = wrongDenials(
      presentations(trace).filter(({ atMs, terms, clock }) => {
        const back = reach(trace).powerBackAt(atMs);
        const said = history(trace).lockViews.findLast(({ call }) => call.answerMs <= atMs)?.view;
        const isSaid = back !== null && said?.clock === 'synced' && (said.asOfMs ?? back) > back;
        return isSaid && terms !== null && terms.window.endMs !== null && clock.known === 'yes';
      }),
      'opened: it is inside its window, and the clock of the lock is reported as synced',
    );
    return conclude(
      Math.min(lost, set),
      [...findings, ...opens.findings],
      'no state of the clock was read both after its loss and after it could be set',
    );
  },
};
