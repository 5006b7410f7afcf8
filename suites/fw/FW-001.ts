import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { told } from '../../oracle/acts.ts';
import { history } from '../../oracle/history.ts';
import { misattributed } from '../all/attribution.ts';
import { install, installs, oneFirmware } from '../all/firmware.ts';
import { addUser, enter, enterBetween, give, giveControl, hear, operate, readLock } from '../all/hands.ts';
import { found } from '../all/words.ts';

/** The same acts under every firmware, far enough apart that each event can only be one act's. */
async function acts(stage: Stage): Promise<void> {
  const { stateMs } = stage.declaration.timing;
  const each = [
    () => enter(stage, 'plain1'),
    () => enterBetween(stage, ['plain60']),
    () => stage.hand({ act: 'turn', to: 'unlocked' }),
    () => operate(stage, 'lock'),
    () => operate(stage, 'unlock'),
    () => stage.hand({ act: 'turn', to: 'locked' }),
    () => enter(stage, 'plain2'),
  ];
  for (const one of each) {
    await one();
    await stage.pass(stateMs);
  }
  await hear(stage);
  await readLock(stage);
}

async function act(stage: Stage): Promise<void> {
  const { firmware } = stage.declaration;
  await giveControl(stage);
  for (const i of [1, 2]) {
    await addUser(stage, `u${i}`);
    await give(stage, `g${i}`, `plain${i}`, { user: `u${i}` });
  }
  await acts(stage);
  for (const version of firmware.slice(1)) {
    await install(stage, version, 'good');
    await stage.settle();
    await acts(stage);
  }
  // From the oldest to the newest at once, where a fresh device can be had.
  const last = firmware.at(-1);
  if (firmware.length < 3 || last === undefined || !has(stage.declaration, 'replaceable')) return;
  await stage.ask('owner', { do: 'replaceLock', lock: 'door' });
  await stage.settle();
  await install(stage, last, 'good');
  await stage.settle();
  await acts(stage);
}

export const requirement: Requirement = {
  id: 'FW-001',
  area: 'fw',
  level: 'must',
  mark: 'device',
  text: 'Through every change of firmware the same acts are told with the same verbs, methods and actors: none is lost, and none changes its meaning.',
  source: 'lockproof contract, FW 1; defects FW-01, EVT-21, EVT-22, O20',
  abilities: ['firmware-update', 'operations', 'events', 'keypad'],
  commands: ['installFirmware', 'readEvents', 'createGrant'],
  observations: ['bolt', 'keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove', 'mayWipe'],
  feed: { act },
  judge(trace) {
    if (trace.header.declaration.firmware.length < 2) return oneFirmware;
    const past = history(trace);
    const changed = installs(trace).filter(({ end }) => end === 'done');
    const first = changed[0]?.toldEntry ?? Infinity;
    const { pairs, untold } = told(trace);
    const after = pairs.filter(({ act: one }) => one.entry > first && one.certain && one.method !== 'unknown');
    const findings: Finding[] = untold
      .filter(({ entry }) => entry > first)
      .map(({ entry, verb, method }) =>
        found(entry, `after a change of firmware, ${verb} by ${method} made no event`, 'told as before it'),
      );
    for (const { act: one, heard } of after) {
      const wrong = misattributed(past, one, heard.event);
      if (wrong)
        findings.push(found(heard.entry, `after a change of firmware, ${wrong}`, `as before it: ${one.verb} by ${one.method}`));
      const before = pairs.find((pair) => pair.act.entry < first && pair.act.method === 'remote' && one.method === 'remote');
      if (before && before.heard.event.integration !== heard.event.integration)
        findings.push(
          found(heard.entry, 'after a change of firmware, the same integration was told as another or none', 'the same actor'),
        );
    }
    const under = changed.filter(({ toldEntry }, i) =>
      after.some(({ act: one }) => one.entry > toldEntry && one.entry < (changed[i + 1]?.askEntry ?? Infinity)),
    );
    return conclude(
      under.length === changed.length ? after.length : 0,
      findings,
      'no acts were told after every change of firmware',
    );
  },
};
