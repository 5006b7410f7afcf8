import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Trace } from '../../contract/trace.ts';
import { ask, connect, effects, keys, losePower, onLink, powered, type Said, silent, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await throwBolt(stage);
  await keys(stage, 'rotate');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  await losePower(stage);
  // The session of before, then those who never had the key that is in force.
  await ask(stage, 'owner', 'unlock');
  for (const as of ['default', 'former'] as const) {
    await connect(stage, as);
    await ask(stage, as, 'unlock');
  }
  await ask(stage, 'anonymous', 'unlock', 'plain');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'lock');
}

/**
 * What the owner's panel said in its session of before, after power came back at `back`. Only where nothing had disturbed that
 * session: else his panel greets the reader anew by itself.
 */
function ofBefore(trace: Trace, back: number): readonly Said[] {
  const all = talk(trace);
  const isOwners = ({ act: one }: Said): boolean => 'as' in one && one.as === 'owner';
  const last = all.findLast(({ entry }) => entry < back);
  if (!last || !isOwners(last) || last.sight.said !== 'done' || (last.act.do === 'ask' && last.act.sent !== 'well')) return [];
  const later = all.filter(({ entry }) => entry > back);
  // A panel that was told of the end of its session begins another by itself, and says so.
  const end = later.findIndex((said) => !isOwners(said) || said.act.do !== 'ask' || said.sight.code.startsWith('met-again'));
  return end < 0 ? later : later.slice(0, end);
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-012',
  text: 'A loss of power ends the session, and a key that was exchanged is the one in force after it: it opens, the one before does not, and neither does the factory’s nor anybody without a key.',
  source:
    'lockproof contract, LINK 2 and LINK 5; OSDP 2.2 annex D (session keys, key for installation); defects O1, PROV-06, LINK-04, LINK-10',
  means: ['wire:device', 'hand:power'],
  quick: false,
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const back = powered(trace);
    const rotated = all.some(({ act: one, sight, entry }) => one.do === 'rotate' && sight.said === 'done' && entry < back);
    const later = all.filter(({ entry, act: one }) => entry > back && 'as' in one);
    const old = later.filter(({ act: one }) => 'as' in one && one.as !== 'owner');
    const anew = later.find(({ act: one }) => one.do === 'connect' && 'as' in one && one.as === 'owner')?.entry ?? Infinity;
    const fresh = later.filter(({ act: one, entry }) => 'as' in one && one.as === 'owner' && entry >= anew);
    const findings = [
      ...effects(
        trace,
        back < 0 ? [] : ofBefore(trace, back),
        (said) => `${whose(said)}, in a session from before a loss of power,`,
        'no effect',
      ),
      ...effects(trace, old, (said) => `${whose(said)} after an exchange of the key and a loss of power`, 'no effect'),
      ...silent(fresh, 'with the key that was in force before the loss of power'),
    ];
    return conclude(
      rotated && back >= 0 ? old.length : 0,
      rotated ? findings : [],
      'no key was exchanged, or power was not lost',
    );
  },
};
