import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { reach } from '../../oracle/reach.ts';
import { meet, readLock } from '../all/hands.ts';
import { found } from '../all/words.ts';
import { keptBolt } from './words.ts';

const rounds = 3;

async function act(stage: Stage): Promise<void> {
  await meet(stage);
  for (let i = 0; i < rounds; i += 1) {
    await stage.hand({ act: 'turn', to: 'unlocked' });
    await stage.pass(stage.declaration.timing.stateMs);
    await readLock(stage);
    // A quick relock may have thrown the bolt meanwhile: it must be the hand that throws it.
    await stage.hand({ act: 'turn', to: 'unlocked' });
    await stage.hand({ act: 'turn', to: 'locked' });
    await stage.pass(stage.declaration.timing.stateMs);
    await readLock(stage);
  }
}

export const requirement: Requirement = {
  id: 'STATE-006',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'What a hand does at the thumb-turn shows in the API within the declared time, as reported by the lock.',
  source: 'lockproof contract, STATE 1 and 3; defects STATE-09, STATE-01',
  abilities: [],
  commands: ['readLock'],
  observations: ['bolt'],
  means: ['hand:turn'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { stateMs, reconnectMs } = trace.header.declaration.timing;
    const link = reach(trace);
    const due = history(trace).lockViews.flatMap(({ view, call }) => {
      const kept = keptBolt(trace, call.askEntry);
      const up = link.upSince(call.answerMs);
      const isStill = !trace.entries.slice(call.askEntry, call.answerEntry).some(({ kind }) => kind === 'moved');
      const isDue = isStill && kept?.byHand && up !== null && call.askMs - Math.max(kept.sinceMs, up + reconnectMs) >= stateMs;
      return isDue ? [{ view, call, kept }] : [];
    });
    const findings = due
      .filter(({ view, kept }) => view.bolt !== kept.bolt || view.evidence !== 'confirmed')
      .map(({ view, call, kept }) =>
        found(
          call.answerEntry,
          `a hand had ${kept.bolt} the bolt for ${Math.round(call.askMs - kept.sinceMs)} ms, and the API said ${view.evidence} ${view.bolt}`,
          `confirmed ${kept.bolt} within ${stateMs} ms`,
        ),
      );
    return conclude(due.length, findings, 'no state was read after a hand had moved the bolt');
  },
};
