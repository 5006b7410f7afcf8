import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, keys, onLink, silent, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await throwBolt(stage);
  await keys(stage, 'rotate');
  // The old session, then the old key.
  for (const what of ['unlock', 'status'] as const) await ask(stage, 'former', what);
  await connect(stage, 'former');
  await ask(stage, 'former', 'unlock');
  await stage.wire({ on: 'device', do: 'replay', as: 'former', into: 'fresh-link' });
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'lock');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-008',
  text: 'When a key of the link is exchanged for a new one, sessions of the old end, the old opens no other, and the new one works.',
  source: 'lockproof contract, LINK 5; defects O16',
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const rotated = all.find(({ act: one, sight }) => one.do === 'rotate' && sight.said === 'done')?.entry ?? Infinity;
    const old = all.filter(({ act: one, entry }) => entry > rotated && 'as' in one && one.as === 'former');
    const fresh = all.filter(({ act: one, entry }) => entry > rotated && 'as' in one && one.as === 'owner');
    const findings = [
      ...effects(trace, old, (said) => `${whose(said)} after it was exchanged`, 'no effect'),
      ...silent(fresh, 'with the new key'),
    ];
    return conclude(old.length, findings, 'no key was exchanged');
  },
};
