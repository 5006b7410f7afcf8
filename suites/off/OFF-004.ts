import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { giveControl } from '../all/hands.ts';
import { controlPin } from '../all/steps.ts';
import { found } from '../all/words.ts';
import { openings } from './door.ts';

async function act(stage: Stage): Promise<void> {
  const { autoRelockMs, boltMs, stateMs } = stage.declaration.timing;
  await giveControl(stage);
  for (const waits of [1, 3]) {
    await stage.hand({ act: 'present', pin: controlPin });
    await stage.hand({ act: 'door', to: 'open' });
    await stage.pass(waits * (autoRelockMs + boltMs));
    await stage.hand({ act: 'door', to: 'closed' });
    await stage.pass(autoRelockMs + boltMs + stateMs);
    await stage.hand({ act: 'turn', to: 'locked' });
  }
}

export const requirement: Requirement = {
  id: 'OFF-004',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'Auto-relock waits for the door: the bolt is not thrown while it stands open, and is thrown in the declared time after it was closed.',
  source: 'lockproof contract, OFF 7; defects O19',
  abilities: ['auto-relock', 'keypad'],
  commands: ['createGrant'],
  observations: ['bolt', 'door'],
  means: ['hand:present', 'hand:door'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { autoRelockMs, boltMs, stateMs } = trace.header.declaration.timing;
    const all = openings(trace);
    const findings = all.flatMap(({ thrown, thrownEntry, closedMs, relockedMs, restMs, closedEntry }) => {
      const early = thrown
        ? [found(thrownEntry, 'the bolt was thrown while the door stood open', 'the relock waits for the door')]
        : [];
      const dueMs = closedMs + autoRelockMs + boltMs + stateMs;
      const isLate = !thrown && restMs >= dueMs && (relockedMs === null || relockedMs > dueMs);
      const why = 'the bolt was not thrown after the door was closed';
      return isLate ? [...early, found(closedEntry, why, `thrown within ${dueMs - closedMs} ms`)] : early;
    });
    const waited = all.filter(({ openForMs, relockedMs }) => openForMs > autoRelockMs && relockedMs !== null);
    return conclude(waited.length, findings, 'the door never stood open for longer than the relock waits');
  },
};
