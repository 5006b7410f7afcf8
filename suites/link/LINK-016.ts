import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, silent, talk, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  for (const what of ['status', 'unlock', 'status', 'lock'] as const) {
    await ask(stage, 'owner', what, 'twice');
    await ask(stage, 'owner', 'status');
  }
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-016',
  text: 'A panel that has not heard an answer asks again in the same words and gets the same answer, and the session goes on.',
  source:
    'lockproof contract, LINK 1 and IDEM 1; OSDP 2.2 clauses 5.7 and 5.9 (same sequence number); OSDP Verified 050-04-02; defects IDEM-07, IDEM-08',
  features: ['retries'],
  feed: { act },
  judge(trace) {
    const all = talk(trace).filter(({ act: one }) => one.do === 'ask');
    const repeats = all.filter(({ act: one }) => one.do === 'ask' && one.sent === 'twice');
    const next = repeats.flatMap((said) => all.find(({ entry }) => entry > said.entry) ?? []);
    const met = talk(trace).some(({ act: one, sight }) => one.do === 'connect' && sight.said === 'done');
    const findings = [
      ...repeats
        .filter(({ sight }) => sight.code !== 'again')
        .map((said) => found(said.entry, `${whose(said)} got another answer, or none, the second time`, 'the same answer again')),
      ...silent(next, 'after a repeat'),
    ];
    return conclude(met ? repeats.length : 0, met ? findings : [], 'no session with the lock was to be had');
  },
};
