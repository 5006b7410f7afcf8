import type { EventVerb } from '../../contract/event.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { untold } from '../all/happenings.ts';
import { enter, give, giveControl, hasHand, hear, operate, outwaitLockout, relock } from '../all/hands.ts';
import { batteryTurns, denials, jams, lockouts } from './alarms.ts';

async function guess(stage: Stage): Promise<void> {
  const { wrongCodes } = stage.declaration.limits;
  for (let i = 1; i <= wrongCodes; i += 1) await stage.hand({ act: 'present', pin: `plain${50 + i}` });
  if (wrongCodes === 0) await stage.hand({ act: 'present', pin: 'plain51' });
  await enter(stage, 'plain1');
  await outwaitLockout(stage);
  await enter(stage, 'plain1');
}

async function jam(stage: Stage): Promise<void> {
  await relock(stage);
  await stage.hand({ act: 'block', on: true });
  await operate(stage, 'unlock');
  await stage.hand({ act: 'block', on: false });
  await operate(stage, 'unlock');
  await operate(stage, 'lock');
}

async function act(stage: Stage): Promise<void> {
  const { batteryLowPercent: low, batteryDeadPercent: dead } = stage.declaration.safety;
  await giveControl(stage);
  await give(stage, 'g1', 'plain1');
  await enter(stage, 'plain1');
  await guess(stage);
  await hear(stage);
  if (hasHand(stage, 'block')) await jam(stage);
  await hear(stage);
  for (const percent of [Math.ceil((low + dead) / 2), 100]) {
    await stage.hand({ act: 'battery', percent });
    await stage.pass(stage.declaration.timing.stateMs);
    await hear(stage);
  }
}

export const requirement: Requirement = {
  id: 'EVT-007',
  area: 'evt',
  level: 'must',
  mark: 'device',
  text: 'Denied attempts, a lockout and its end, a jam, a low battery and its end make events, each of them of its declared kind.',
  source: 'lockproof contract, EVT 7; defects EVT-16, EVT-17, O5',
  abilities: ['events', 'keypad'],
  commands: ['readEvents', 'createGrant'],
  observations: ['bolt', 'keypad'],
  means: ['hand:present'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const { means, declaration } = trace.header;
    const happened = [...denials(trace), ...lockouts(trace), ...jams(trace), ...batteryTurns(trace)];
    const { told, findings } = untold(trace, happened);
    const possible: readonly (EventVerb | false)[] = [
      'lock.denied',
      declaration.limits.wrongCodes > 0 && 'lock.lockout',
      declaration.limits.wrongCodes > 0 && 'lock.lockout-ended',
      means.includes('hand:block') && 'lock.jammed',
      means.includes('hand:battery') && 'lock.battery-low',
      means.includes('hand:battery') && 'lock.battery-ok',
    ];
    const wanted = possible.filter((verb) => verb && declaration.events.includes(verb));
    if (wanted.length === 0)
      return { kind: 'not-applicable', lacking: 'events of alarms', because: 'none of their kinds is declared' };
    // What never happened was not looked at, and nothing can be said of all together.
    const missing = wanted.filter((verb) => !told.some((one) => one.verb === verb));
    return conclude(missing.length > 0 ? 0 : told.length, findings, `never happened for certain: ${missing.join(', ')}`);
  },
};
