import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { install, installs, oneFirmware } from '../all/firmware.ts';
import { addUser, anytime, enter, enterBetween, give, giveControl, hear, readGrants, readLock, take } from '../all/hands.ts';
import { keptRecords } from '../all/records.ts';
import { wrongDenials } from '../all/words.ts';

const dayMs = 86_400_000;
const grants = ['g0', 'g1', 'g2', 'g3'];

async function look(stage: Stage): Promise<void> {
  await stage.settle();
  await stage.ask('owner', { do: 'readUser', user: 'u1' });
  await readLock(stage);
  await readGrants(stage, grants);
  await enterBetween(stage, ['plain1', 'plain2', 'plain3']);
  await hear(stage, 'start');
}

async function act(stage: Stage): Promise<void> {
  const { declaration } = stage;
  await giveControl(stage);
  await addUser(stage, 'u1');
  await give(stage, 'g1', 'plain1', { user: 'u1' });
  await give(stage, 'g2', 'plain2', { user: 'u1' });
  await take(stage, 'g2');
  const startMs = (Math.ceil(stage.nowMs() / dayMs) + 30) * dayMs;
  if (has(declaration, 'windows')) await give(stage, 'g3', 'plain3', { user: 'u1', window: { ...anytime(stage), startMs } });
  await enter(stage, 'plain1');
  await look(stage);
  for (const version of declaration.firmware.slice(1)) {
    await install(stage, version, 'truncated');
    await look(stage);
    await install(stage, version, 'good');
    await look(stage);
  }
}

export const requirement: Requirement = {
  id: 'FW-002',
  area: 'fw',
  level: 'must',
  mark: 'device',
  text: 'Codes, their limits, revocations, ids and what was told survive a change of firmware, and one that fails.',
  source: 'lockproof contract, FW 3; defects FW-02, O9, O13',
  abilities: ['firmware-update', 'operations', 'keypad', 'events'],
  commands: ['installFirmware', 'createGrant', 'readGrant', 'readEvents'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove', 'mayWipe'],
  feed: { act },
  judge(trace) {
    if (trace.header.declaration.firmware.length < 2) return oneFirmware;
    const all = installs(trace);
    const first = all[0]?.toldEntry ?? Infinity;
    const after = presentations(trace).filter(({ entry }) => entry > first);
    const opens = wrongDenials(after, 'opened: it was on the lock before the firmware was changed');
    const shut = boundDenials(trace, after, 'denied: it could not open before the firmware was changed');
    const records = keptRecords(trace, first);
    const done = all.filter(({ end }) => end === 'done').length;
    return conclude(
      done > 0 ? Math.min(opens.witnessed, shut.witnessed, records.witnessed) : 0,
      [...opens.findings, ...shut.findings, ...records.findings],
      'no firmware was changed with codes tried and the feed read before and after',
    );
  },
};
