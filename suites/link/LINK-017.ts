import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { hasHand } from '../all/hands.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, type Said, talk, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  for (const by of ['present', 'card'] as const) {
    if (!hasHand(stage, by)) continue;
    await stage.hand({ act: by, pin: 'plain1' });
    await ask(stage, 'owner', 'reports');
  }
  for (const what of ['status', 'capabilities', 'log', 'table', 'lock', 'unlock', 'status', 'lock'] as const)
    await ask(stage, 'owner', what);
  // What it understands and refuses; last, for on a link with other rules that may end the session.
  await ask(stage, 'owner', 'status', 'ungrammatical');
}

const isReadable = ({ sight: { code } }: Said): boolean =>
  code === 'unencrypted' || code === 'in-clear' || code.endsWith('-unencrypted');

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-017',
  text: 'Whatever the lock tells in a session is sealed and encrypted, what it can and why it refuses too: nobody else on the link reads it.',
  source:
    'lockproof contract, LINK 2; OSDP 2.2 annex D (SCS_16 and SCS_18 for all replies in a session, SCS_18 for those with data); defects O16, LINK-08',
  quick: false,
  feed: { act },
  judge(trace) {
    const all = talk(trace).filter(({ act: one }) => one.do === 'ask');
    const told = all.filter(({ sight }) => sight.said === 'done');
    const readable = all
      .filter(isReadable)
      .map((said) => found(said.entry, `the answer to ${whose(said)} could be read by everybody on the link`, 'encrypted'));
    return conclude(Math.max(told.length, readable.length), readable, 'no session with the lock was to be had');
  },
};
