import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { hasHand } from '../all/hands.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, talk, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  for (const by of ['present', 'card'] as const) {
    if (!hasHand(stage, by)) continue;
    await stage.hand({ act: by, pin: 'plain1' });
    await ask(stage, 'owner', 'reports');
  }
  for (const what of ['status', 'log', 'table', 'lock', 'unlock', 'status', 'lock'] as const) await ask(stage, 'owner', what);
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-017',
  text: 'Whatever the lock tells in a session is encrypted: nobody else on the link reads it.',
  source: 'lockproof contract, LINK 2; OSDP 2.2 annex D (SCS_18 for replies with data); defects O16, LINK-08',
  quick: false,
  feed: { act },
  judge(trace) {
    const told = talk(trace).filter(({ act: one, sight }) => one.do === 'ask' && sight.said === 'done');
    const readable = told
      .filter(({ sight }) => sight.code === 'unencrypted')
      .map((said) => found(said.entry, `the answer to ${whose(said)} could be read by everybody on the link`, 'encrypted'));
    return conclude(told.length, readable, 'no session with the lock was to be had');
  },
};
