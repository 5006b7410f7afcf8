import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { connect, keys, onLink, silent, talk } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await keys(stage, 'add-guest');
  await connect(stage, 'guest');
  for (const offer of ['older', 'weaker'] as const) {
    for (const as of ['owner', 'guest'] as const) await connect(stage, as, offer);
    await connect(stage, 'stranger');
    // Refused handshakes leave the keys as they were.
    for (const as of ['owner', 'guest'] as const) await connect(stage, as);
  }
  await keys(stage, 'remove-guest');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-005',
  text: 'The lock takes no older version and no weaker suite on its link, and a handshake that it refuses leaves its keys as they were.',
  source: 'lockproof contract, LINK 2; defects O16',
  features: ['offers'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const offers = all.filter(({ act: one }) => one.do === 'connect' && one.offer !== 'right');
    const first = offers[0]?.entry ?? Infinity;
    const right = all.filter(
      ({ act: one, entry }) => one.do === 'connect' && one.offer === 'right' && one.as !== 'stranger' && entry > first,
    );
    const taken = offers
      .filter(({ sight }) => sight.said === 'done' || sight.status !== null)
      .map(({ entry, act: one }) =>
        found(
          entry,
          `a session with ${one.do === 'connect' && one.offer === 'older' ? 'an older version' : 'a weaker suite'} was opened`,
          'refused',
        ),
      );
    const met = all.some(({ act: one, sight, entry }) => one.do === 'connect' && sight.said === 'done' && entry < first);
    const findings = [...taken, ...(met ? silent(right, 'after handshakes that were refused') : [])];
    return conclude(met ? offers.length : 0, findings, 'no session with the lock was to be had');
  },
};
