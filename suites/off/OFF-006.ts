import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Trace } from '../../contract/trace.ts';
import { give, giveControl, hasHand, outwaitLockout, relock } from '../all/hands.ts';
import { controlPin } from '../all/steps.ts';
import { found } from '../all/words.ts';

/** Out by the inside handle, and in again so that the next one finds the bolt thrown. */
async function leave(stage: Stage): Promise<void> {
  await relock(stage);
  await stage.hand({ act: 'turn', to: 'unlocked' });
  await relock(stage);
}

async function act(stage: Stage): Promise<void> {
  const { limits, safety } = stage.declaration;
  await giveControl(stage);
  await give(stage, 'g1', 'plain1');
  await leave(stage);
  await stage.weather({ on: 'lock', happens: 'cut' });
  await leave(stage);
  if (hasHand(stage, 'present')) {
    for (let i = 1; i <= limits.wrongCodes; i += 1) await stage.hand({ act: 'present', pin: `plain${50 + i}` });
    await stage.hand({ act: 'present', pin: controlPin });
    await leave(stage);
  }
  for (const percent of [Math.floor(safety.batteryDeadPercent / 2), 0, 100]) {
    await stage.hand({ act: 'battery', percent });
    await leave(stage);
  }
  for (const on of [false, true]) {
    await stage.hand({ act: 'power', on });
    await leave(stage);
  }
  await stage.weather({ on: 'lock', happens: 'heal' });
  await outwaitLockout(stage);
}

/** Turns of the inside handle that had a bolt to draw back and nothing solid in its way, and the conditions they met. */
function exits(trace: Trace) {
  const { batteryDeadPercent } = trace.header.declaration.safety;
  const on = { blocked: false, cut: false, dark: false, flat: false, lockout: false };
  return trace.entries.flatMap((entry, i) => {
    if (entry.kind === 'weather' && entry.weather.on === 'lock' && !('next' in entry.weather))
      on.cut = entry.weather.happens === 'cut';
    if (entry.kind !== 'acted') return [];
    const { act: done, sight } = entry;
    if (done.act === 'block') on.blocked = done.on;
    if (done.act === 'power') on.dark = !done.on;
    if (done.act === 'battery') on.flat = done.percent <= batteryDeadPercent;
    if (done.act === 'present') on.lockout = sight.keypad === 'locked-out';
    if (done.act !== 'turn' || done.to !== 'unlocked' || sight.bolt === null || on.blocked) return [];
    const troubles = [
      ...(on.cut ? ['the platform out of reach'] : []),
      ...(on.lockout ? ['the keypad locked out'] : []),
      ...(on.flat ? ['a flat battery'] : []),
      ...(on.dark ? ['no power'] : []),
    ];
    return [{ entry: i, bolt: sight.bolt, troubles }];
  });
}

export const requirement: Requirement = {
  id: 'OFF-006',
  area: 'off',
  level: 'must',
  mark: 'device',
  text: 'The inside handle draws the bolt back at once, whatever the state of platform, keypad, battery and power.',
  source: 'lockproof contract, OFF 5; defects O19',
  abilities: [],
  commands: [],
  observations: ['bolt'],
  means: ['hand:turn', 'weather:lock'],
  features: ['inside-handle'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const all = exits(trace);
    const findings = all
      .filter(({ bolt }) => bolt !== 'unlocked')
      .map(({ entry, bolt, troubles }) => {
        const when = troubles.length > 0 ? ` with ${troubles.join(' and ')}` : '';
        return found(entry, `the inside handle left the bolt ${bolt}${when}`, 'egress is never blocked');
      });
    return conclude(all.filter(({ troubles }) => troubles.length > 0).length, findings, 'nobody left under a trouble');
  },
};
