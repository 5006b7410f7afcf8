import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { history } from '../../oracle/history.ts';
import { presentations } from '../../oracle/presentations.ts';
import { boundDenials } from '../all/controls.ts';
import { install, installs } from '../all/firmware.ts';
import { enterBetween, give, giveControl, meet, readLock, take } from '../all/hands.ts';
import { found, wrongDenials } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const { firmware } = stage.declaration;
  await meet(stage);
  await giveControl(stage);
  await give(stage, 'g1', 'plain1');
  await give(stage, 'g2', 'plain2');
  await take(stage, 'g2');
  await readLock(stage);
  for (const version of firmware.length > 1 ? firmware.slice(1) : firmware) {
    for (const image of ['unsigned', 'truncated'] as const) {
      await install(stage, version, image);
      await stage.settle();
      await readLock(stage);
      await enterBetween(stage, ['plain1', 'plain2']);
    }
  }
}

export const requirement: Requirement = {
  id: 'FW-003',
  area: 'fw',
  level: 'must',
  mark: 'device',
  text: 'An unsigned or truncated firmware image is refused and changes nothing.',
  source: 'lockproof contract, FW 4; defects FW-03, O16',
  abilities: ['firmware-update', 'operations', 'keypad'],
  commands: ['installFirmware', 'readLock', 'createGrant'],
  observations: ['keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove', 'mayWipe'],
  feed: { act },
  judge(trace) {
    const all = installs(trace);
    const bad = all.filter(({ image }) => image !== 'good');
    const taken = bad
      .filter(({ end }) => end === 'done')
      .map(({ toldEntry, image, version }) => found(toldEntry, `the ${image} image of ${version} was installed`, 'refused'));
    const views = history(trace).lockViews.filter(({ view }) => view.firmware !== null);
    const changed = views.flatMap(({ view, call }, i) => {
      const before = views[i - 1];
      const tried = bad.some(({ askEntry }) => before && askEntry > before.call.askEntry && askEntry < call.askEntry);
      const rightly = all.some(
        ({ image, askEntry }) => image === 'good' && before && askEntry > before.call.askEntry && askEntry < call.askEntry,
      );
      if (!before || !tried || rightly || view.firmware === before.view.firmware) return [];
      const why = `after a defective image the lock runs ${view.firmware} in the place of ${before.view.firmware}`;
      return [found(call.answerEntry, why, 'the firmware of before')];
    });
    const first = bad[0]?.toldEntry ?? Infinity;
    const after = presentations(trace).filter(({ entry }) => entry > first);
    const opens = wrongDenials(after, 'opened: a refused image changes nothing');
    const shut = boundDenials(trace, after, 'denied: a refused image changes nothing');
    return conclude(
      Math.min(bad.length, opens.witnessed, shut.witnessed),
      [...taken, ...changed, ...opens.findings, ...shut.findings],
      'no defective image was offered and codes tried after it',
    );
  },
};
