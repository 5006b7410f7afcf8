import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { modeTurns } from '../../oracle/mode.ts';
import { hasHand, hear, meet, operate, readLock, setMode } from '../all/hands.ts';
import { found } from '../all/words.ts';
import { endless, others, unbolted } from './modes.ts';
import { misread, modesRead } from './read-modes.ts';

async function look(stage: Stage): Promise<void> {
  await stage.pass(stage.declaration.timing.stateMs);
  await readLock(stage);
}

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  const { timing, safety } = declaration;
  await meet(stage);
  await operate(stage, 'lock');
  await look(stage);
  for (const mode of others(declaration)) {
    await setMode(stage, mode);
    await look(stage);
    if (hasHand(stage, 'power')) {
      await stage.hand({ act: 'power', on: false });
      await stage.pass(timing.boltMs);
      await stage.hand({ act: 'power', on: true });
      await stage.pass(timing.reconnectMs);
      await look(stage);
    }
    if (mode === 'privacy' && hasHand(stage, 'turn')) {
      await stage.hand({ act: 'turn', to: 'unlocked' });
      await look(stage);
      // A quick relock may have thrown the bolt meanwhile.
      await stage.hand({ act: 'turn', to: 'unlocked' });
      await setMode(stage, 'privacy');
      await look(stage);
      await stage.hand({ act: 'turn', to: 'locked' });
    }
    await setMode(stage, 'normal');
    await look(stage);
    // A door that is safe without power has had its bolt drawn, and there is no privacy behind it.
    if (safety.failMode === 'safe') await operate(stage, 'lock');
  }
  if (has(declaration, 'events')) await hear(stage);
}

/** Changes of the mode that were confirmed and had to be in the feed by its last reading, and were not. */
function untold(trace: Trace): readonly Finding[] {
  const { declaration } = trace.header;
  const past = history(trace);
  const last = past.readings.findLast(({ as, complete }) => as === 'owner' && complete);
  if (!has(declaration, 'events') || !declaration.events.includes('lock.mode') || !last) return [];
  const sure = modeTurns(trace).filter(({ may }) => may.size === 1);
  const changes = sure.filter(
    ({ atMs, may }, i) =>
      atMs + declaration.timing.eventMs <= last.endMs && i > 0 && [...may][0] !== [...(sure[i - 1]?.may ?? [])][0],
  );
  const told = past.events.filter(({ event }) => event.verb === 'lock.mode' && event.platformMs >= trace.header.startMs);
  if (told.length >= changes.length) return [];
  const why = `the mode was changed ${changes.length} times, and ${told.length} changes were told`;
  return [found(last.endEntry, why, 'every change is an event')];
}

export const requirement: Requirement = {
  id: 'OFF-009',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'The mode that was confirmed is the mode that is told, also after a loss of power; privacy needs a thrown bolt and ends by the hand inside; and each change is told where that is declared.',
  source: 'lockproof contract, OFF 4; Matter Application Clusters 5.2.6.15; defects STATE-12, O19',
  abilities: ['modes', 'remote-operation'],
  commands: ['setMode', 'lock', 'readLock'],
  observations: ['bolt'],
  means: [],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const blind = endless(trace);
    if (blind) return blind;
    const { declaration, means, startMs } = trace.header;
    const all = modesRead(trace);
    const powered = all.filter(({ mode, up }) => mode !== 'normal' && up > startMs).length;
    const isSeen = others(declaration).every((mode) => all.some((one) => one.mode === mode));
    return conclude(
      isSeen && (powered > 0 || !means.includes('hand:power')) ? all.length : 0,
      [...misread(all), ...unbolted(trace), ...untold(trace)],
      'not every declared mode was read, also after a loss of power',
    );
  },
};
