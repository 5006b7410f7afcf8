import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, keys, onLink, silent, talk, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await keys(stage, 'add-guest');
  await connect(stage, 'guest');
  await ask(stage, 'guest', 'status');
  // What would lock the owner out comes last.
  for (const what of ['add-stranger', 'remove-owner', 'become-owner'] as const) {
    await stage.wire({ on: 'device', do: what });
    if (what === 'add-stranger') await connect(stage, 'stranger');
    await ask(stage, 'owner', 'table');
  }
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'table');
  await ask(stage, 'guest', 'status');
  await keys(stage, 'remove-guest');
}

const rises = ['add-stranger', 'remove-owner', 'become-owner'];

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-021',
  text: 'On the link of the lock a guest administers no keys: he adds none, removes none, and does not come into the owner’s place by exchanging his key for the owner’s.',
  source: 'lockproof contract, SCOPE 1 and SCOPE 2 (device link included); OWASP API5:2023; defects O13, LINK-24',
  quick: false,
  // On a lock that lets a guest do that its owner may be locked out, until it is commissioned anew.
  needsConsent: ['mayMove', 'mayWipe'],
  features: ['guests', 'records'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const tried = all.filter(({ act: one }) => rises.includes(one.do));
    const first = tried[0]?.entry ?? Infinity;
    const forbidden = [...tried, ...all.filter(({ act: one }) => one.do === 'connect' && one.as === 'stranger')];
    const owners = all.filter(({ act: one, entry }) => entry > first && 'as' in one && one.as === 'owner');
    const met = all.some(
      ({ act: one, sight, entry }) => one.do === 'ask' && one.as === 'guest' && sight.said === 'done' && entry < first,
    );
    const findings = [
      ...effects(trace, forbidden, whose, 'refused: keys are the owner’s'),
      ...silent(owners, 'after a guest had tried to administer keys'),
    ];
    return conclude(met ? tried.length : 0, met ? findings : [], 'no guest was ever let in');
  },
};
