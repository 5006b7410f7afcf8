import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { hasHand } from '../all/hands.ts';
import { ask, connect, effects, losePower, onLink, silent, talk, whose } from './words.ts';

/** Somebody sends a key in clear; then whoever has seen it on the line, or has put it there, comes with it. */
async function inClear(stage: Stage): Promise<void> {
  await stage.wire({ on: 'device', do: 'rotate-plain' });
  await connect(stage, 'former');
  await ask(stage, 'former', 'unlock');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
}

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  await inClear(stage);
  if (!hasHand(stage, 'power')) return;
  // Before anybody has spoken to it: a reader may take itself for one that is being installed.
  await losePower(stage);
  await inClear(stage);
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-013',
  text: 'A key is never taken in clear, nor right after power came back: an exchange that no session protects changes nothing, and the key in force stays the one that opens.',
  source: 'lockproof contract, LINK 2; OSDP 2.2 clause 6.16 and annex D; defects O16, LINK-11',
  quick: false,
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const tried = all.filter(({ act: one }) => one.do === 'rotate-plain');
    const at = tried[0]?.entry ?? Infinity;
    const met = all.some(
      ({ act: one, sight, entry }) => 'as' in one && one.as === 'owner' && sight.said === 'done' && entry < at,
    );
    const after = all.filter(({ act: one, entry }) => entry > at && 'as' in one);
    const findings = [
      ...effects(trace, tried, () => 'an exchange of the key in clear', 'refused'),
      ...effects(
        trace,
        after.filter(({ act: one }) => 'as' in one && one.as === 'former'),
        (said) => `${whose(said)}, by a key that was sent in clear,`,
        'no effect',
      ),
      ...silent(
        after.filter(({ act: one }) => 'as' in one && one.as === 'owner'),
        'after somebody had tried to exchange its key in clear',
      ),
    ];
    return conclude(met ? tried.length : 0, met ? findings : [], 'the owner had no session');
  },
};
