import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { hasHand } from '../all/hands.ts';
import { found } from '../all/words.ts';
import { amiss } from './reports.ts';
import { ask, connect, onLink, silent, talk, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  for (const what of ['status', 'unlock', 'status', 'lock'] as const) {
    await ask(stage, 'owner', what, 'twice');
    await ask(stage, 'owner', 'status');
  }
  if (!hasHand(stage, 'present')) return;
  const { eventBuffer, pinMaxDigits } = stage.declaration.limits;
  // What waits, so that the next reading is of what was done since.
  await ask(stage, 'owner', 'reports');
  for (const by of ['present', 'card'] as const) {
    if (!hasHand(stage, by) || pinMaxDigits > eventBuffer) continue;
    await stage.hand({ act: by, pin: 'plain1' });
    await ask(stage, 'owner', 'reports', 'twice');
    await ask(stage, 'owner', 'reports');
  }
}

/** Where polls were repeated: whether what was done at the reader was told in that reading, and not once more in the next. */
function lost(trace: Trace): readonly Finding[] {
  const readings = talk(trace).filter(({ sight }) => sight.reports !== null);
  return readings.flatMap((reading, i) => {
    const before = readings[i - 1];
    const isNear = [before, reading].some((one) => one?.act.do === 'ask' && one.act.sent === 'twice');
    return (before && isNear && amiss(trace, before, reading)) || [];
  });
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-016',
  text: 'A panel that has not heard an answer asks again in the same words and gets the same answer, what is told in it is told once, and the session goes on.',
  source:
    'lockproof contract, LINK 1 and IDEM 1; OSDP 2.2 clauses 5.7 and 5.9 (same sequence number); OSDP Verified 050-04-02; defects IDEM-07, IDEM-08, LINK-14',
  features: ['retries'],
  feed: { act },
  judge(trace) {
    const all = talk(trace).filter(({ act: one }) => one.do === 'ask');
    // What a protocol has no words for was not said.
    const repeats = all.filter(({ act: one, sight }) => one.do === 'ask' && one.sent === 'twice' && sight.code !== 'verb');
    const next = repeats.flatMap((said) => all.find(({ entry }) => entry > said.entry) ?? []);
    const met = talk(trace).some(({ act: one, sight }) => one.do === 'connect' && sight.said === 'done');
    const findings = [
      ...repeats
        .filter(({ sight }) => sight.code !== 'again')
        .map((said) => found(said.entry, `${whose(said)} got another answer, or none, the second time`, 'the same answer again')),
      ...lost(trace),
      ...silent(next, 'after a repeat'),
    ];
    return conclude(met ? repeats.length : 0, met ? findings : [], 'no session with the lock was to be had');
  },
};
