import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, silent, talk } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  await stage.wire({ on: 'device', do: 'rotate-short' });
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-022',
  text: 'A reader takes no key that is shorter than its cipher needs, not from its owner either, and the key in force stays the one that opens.',
  source: 'lockproof contract, LINK 5; OSDP 2.2 clause 6.16 (length of the key) and annex D (AES-128); defects O16, LINK-13',
  features: ['panel'],
  quick: false,
  // A reader that takes it may have a key that nobody knows: then it has to be commissioned anew.
  needsConsent: ['mayMove', 'mayWipe'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const tried = all.filter(({ act: one }) => one.do === 'rotate-short');
    const at = tried[0]?.entry ?? Infinity;
    const owners = all.filter(({ act: one }) => 'as' in one && one.as === 'owner');
    const met = owners.some(({ sight, entry }) => sight.said === 'done' && entry < at);
    const findings = [
      ...tried
        .filter(({ sight }) => sight.said === 'done')
        .map(({ entry }) => found(entry, 'half a key was taken for one', 'refused')),
      ...silent(
        owners.filter(({ entry }) => entry > at),
        'after half a key had been sent',
      ),
    ];
    return conclude(met ? tried.length : 0, met ? findings : [], 'the owner had no session');
  },
};
