import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, keys, losePower, onLink, powered, silent, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await throwBolt(stage);
  await keys(stage, 'rotate');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  await losePower(stage);
  for (const as of ['default', 'former'] as const) {
    await connect(stage, as);
    await ask(stage, as, 'unlock');
  }
  await ask(stage, 'anonymous', 'unlock', 'plain');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'lock');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-012',
  text: 'A key that was exchanged is the one in force after a loss of power: it opens, the one before does not, and neither does the factory’s nor anybody without a key.',
  source: 'lockproof contract, LINK 2 and LINK 5; OSDP 2.2 annex D (key for installation); defects O1, PROV-06, LINK-10',
  means: ['wire:device', 'hand:power'],
  quick: false,
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const back = powered(trace);
    const rotated = all.some(({ act: one, sight, entry }) => one.do === 'rotate' && sight.said === 'done' && entry < back);
    const later = all.filter(({ entry, act: one }) => entry > back && 'as' in one);
    const old = later.filter(({ act: one }) => 'as' in one && one.as !== 'owner');
    const fresh = later.filter(({ act: one }) => 'as' in one && one.as === 'owner');
    const findings = [
      ...effects(trace, old, (said) => `${whose(said)} after an exchange of the key and a loss of power`, 'no effect'),
      ...silent(fresh, 'with the key that was in force before the loss of power'),
    ];
    return conclude(
      rotated && back >= 0 ? old.length : 0,
      rotated ? findings : [],
      'no key was exchanged, or power was not lost',
    );
  },
};
