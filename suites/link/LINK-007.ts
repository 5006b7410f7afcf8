import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, keys, onLink, silent, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await keys(stage, 'add-guest');
  await connect(stage, 'guest');
  await ask(stage, 'guest', 'unlock');
  await throwBolt(stage);
  await keys(stage, 'remove-guest');
  // In the session that stood open, and in a new one.
  for (const what of ['unlock', 'status'] as const) await ask(stage, 'guest', what);
  await connect(stage, 'former');
  await ask(stage, 'former', 'unlock');
  await stage.wire({ on: 'device', do: 'replay', as: 'guest', into: 'session' });
  await ask(stage, 'owner', 'status');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-007',
  text: 'A session on the link of the lock ends when its key is removed: it does nothing more, the key opens no other, and nobody else’s session ends.',
  source: 'lockproof contract, LINK 5 and REV 4; defects O2, O16',
  features: ['guests'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const removed = all.find(({ act: one, sight }) => one.do === 'remove-guest' && sight.said === 'done')?.entry ?? Infinity;
    const met = all.some(
      ({ act: one, sight, entry }) => one.do === 'ask' && one.as === 'guest' && sight.said === 'done' && entry < removed,
    );
    const late = all.filter(
      ({ act: one, entry }) => entry > removed && 'as' in one && (one.as === 'guest' || one.as === 'former'),
    );
    const others = all.filter(({ act: one, entry }) => entry > removed && one.do === 'ask' && one.as === 'owner');
    const findings = [
      ...effects(trace, late, (said) => `${whose(said)} after the key was removed`, 'no effect'),
      ...silent(others, 'after the key of somebody else was removed'),
    ];
    return conclude(met ? late.length : 0, findings, 'no guest was ever let in, or the key was not removed');
  },
};
