import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import type { Sending } from '../../contract/wire.ts';
import { ask, connect, effects, onLink, silent, talk, throwBolt, whose } from './words.ts';

const spoilt: readonly Sending[] = ['cut', 'flipped', 'over-long', 'ungrammatical', 'noise', 'misaddressed'];
/** Short, and in clear: a check may be looked at only where there is more to it. Whoever is answered was heard. */
const short = [
  ['owner', 'status'],
  ['anonymous', 'capabilities'],
] as const;
const rounds = 2;

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await throwBolt(stage);
  for (let round = 0; round < rounds; round += 1) {
    const left = [...spoilt];
    const tries: (() => Promise<unknown>)[] = [];
    while (left.length > 0) {
      const [sent] = left.splice(stage.random.below(left.length), 1);
      if (sent) tries.push(() => ask(stage, 'owner', 'unlock', sent));
    }
    for (const [as, what] of short) tries.push(() => ask(stage, as, what, 'flipped'));
    for (const spoil of tries) {
      await spoil();
      const sight = await ask(stage, 'owner', 'status');
      // Who has fallen silent has failed: what more is sent shows nothing, and each time is waited for.
      if (sight?.on === 'device' && sight.said === 'nothing') return;
    }
  }
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-002',
  text: 'A cut, corrupted, over-long or ungrammatical frame on the link of the lock, short or long, has no effect and no answer but a refusal, and the next good frame works.',
  source: 'lockproof contract, LINK 1; defects O16, O18',
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const bad = all.filter(({ act: one }) => one.do === 'ask' && spoilt.includes(one.sent));
    const next = bad.flatMap((said) => all.find((one) => one.entry > said.entry) ?? []);
    const good = next.filter(({ act: one }) => one.do === 'ask' && one.sent === 'well');
    const first = bad[0]?.entry ?? Infinity;
    const met = all.some(({ sight, entry }) => sight.said === 'done' && entry < first);
    const unheard = met ? silent(good, 'after a frame that was none') : [];
    const findings = [...effects(trace, bad, whose, 'no effect'), ...unheard];
    return conclude(met ? good.length : 0, findings, 'no session with the lock was to be had');
  },
};
