import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, keys, losePower, onLink, powered, type Said, silent, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await keys(stage, 'add-guest');
  await connect(stage, 'guest');
  await throwBolt(stage);
  await keys(stage, 'remove-guest');
  await losePower(stage);
  // Sessions are gone with the power, the keys are as they were.
  for (const as of ['owner', 'guest'] as const) await ask(stage, as, 'unlock');
  await stage.wire({ on: 'device', do: 'replay', as: 'owner', into: 'session' });
  await connect(stage, 'former');
  await ask(stage, 'former', 'unlock');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'lock');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-009',
  text: 'A loss of power ends every session on the link of the lock; its keys are afterwards those that were in force before, and no others.',
  source: 'lockproof contract, LINK 5; defects O2, O16',
  means: ['wire:device', 'hand:power'],
  features: ['guests'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const back = powered(trace);
    const later = back < 0 ? [] : all.filter(({ entry }) => entry > back);
    const isAnew = ({ act: one }: Said): boolean => one.do === 'connect' && one.as === 'owner';
    const anew = later.find(isAnew)?.entry ?? Infinity;
    const old = later.filter(({ entry, act: one }) => entry < anew && 'as' in one);
    const fresh = later.filter(({ entry, act: one }) => entry >= anew && 'as' in one && one.as === 'owner');
    const met = all.some(({ entry, sight }) => entry < back && sight.said === 'done');
    const findings = [
      ...effects(trace, old, (said) => `${whose(said)} after a loss of power`, 'no effect'),
      ...(met ? silent(fresh, 'after a loss of power') : []),
    ];
    return conclude(met ? old.length : 0, findings, 'no session was open when power went');
  },
};
