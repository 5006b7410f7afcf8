import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, onLink, silent, talk, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  await stage.wire({ on: 'device', do: 'rotate-plain' });
  // Whoever has seen the key on the line, or has put it there.
  await connect(stage, 'former');
  await ask(stage, 'former', 'unlock');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-013',
  text: 'A key is never taken in clear: an exchange that no session protects changes nothing, and the key in force stays the one that opens.',
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
