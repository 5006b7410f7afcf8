import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { hasHand, meet, operate, relock } from '../all/hands.ts';
import { judged, operations } from './operations.ts';

/** Tries both ways under one trouble, and both again without it. */
async function under(stage: Stage, begin: () => Promise<unknown>, end: () => Promise<unknown>): Promise<void> {
  await relock(stage);
  await begin();
  await operate(stage, 'unlock');
  await end();
  await operate(stage, 'unlock');
  await begin();
  await operate(stage, 'lock');
  await end();
  await operate(stage, 'lock');
}

async function act(stage: Stage): Promise<void> {
  const { safety, timing } = stage.declaration;
  await meet(stage);
  await operate(stage, 'unlock');
  await operate(stage, 'lock');
  const block = (on: boolean) => stage.hand({ act: 'block', on });
  if (hasHand(stage, 'block'))
    await under(
      stage,
      () => block(true),
      () => block(false),
    );
  const battery = (percent: number) => stage.hand({ act: 'battery', percent });
  const weak = safety.batteryDeadPercent / 2;
  if (hasHand(stage, 'battery') && weak >= 1)
    await under(
      stage,
      () => battery(Math.floor(weak)),
      () => battery(100),
    );
  const back = async (): Promise<void> => {
    await stage.hand({ act: 'power', on: true });
    await stage.pass(timing.reconnectMs);
  };
  if (hasHand(stage, 'power')) await under(stage, () => stage.hand({ act: 'power', on: false }), back);
  const heal = async (): Promise<void> => {
    await stage.weather({ on: 'lock', happens: 'heal' });
    await stage.pass(timing.reconnectMs);
  };
  await under(stage, () => stage.weather({ on: 'lock', happens: 'cut' }), heal);
}

export const requirement: Requirement = {
  id: 'STATE-002',
  area: 'state',
  level: 'must',
  mark: 'device',
  text: 'A command is done only when the bolt is where it was told to go; a jam, no power and no link each have an outcome of their own.',
  source: 'lockproof contract, STATE 2; defects STATE-03, STATE-06, EVT-13, O8',
  abilities: ['remote-operation', 'operations'],
  commands: ['lock', 'unlock', 'readOperation'],
  observations: ['bolt'],
  means: ['weather:lock'],
  quick: false,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const all = operations(trace).map((one) => ({ ...one, ...judged(trace, one) }));
    const good = all.filter(({ state, findings }) => state === 'done' && findings.length === 0).length;
    const troubled = all.filter(({ trouble }) => trouble !== null).length;
    return conclude(
      Math.min(good, troubled),
      all.flatMap(({ findings }) => findings),
      'no command was followed to its end both with and without trouble at the lock',
    );
  },
};
