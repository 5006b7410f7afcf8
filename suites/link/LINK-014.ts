import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { ask, connect, effects, onLink, silent, talk, throwBolt, whose } from './words.ts';

/** With data to it, without, and as the first word of a session: a seal may be looked at in some of them only. */
const rounds = ['unlock', 'status', 'first'] as const;

async function act(stage: Stage): Promise<void> {
  for (const round of rounds) {
    await connect(stage, 'owner');
    await throwBolt(stage);
    if (round === 'first') await connect(stage, 'owner');
    await ask(stage, 'owner', round === 'status' ? 'status' : 'unlock', 'forged');
    // What is right in the session that was forged into.
    await ask(stage, 'former', 'unlock');
    await connect(stage, 'owner');
    await ask(stage, 'owner', 'status');
  }
  // And what a session begins with.
  await connect(stage, 'owner', 'unproven');
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-014',
  text: 'A frame under a forged seal, be it the first of its session, has no effect and ends it, and a handshake with a forged proof begins none: nothing more is done in it, and a new one works.',
  source:
    'lockproof contract, LINK 1 and LINK 5; OSDP 2.2 annex D (a MAC that is wrong ends the secure channel); defects O16, LINK-13',
  features: ['forgery-ends'],
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const forged = all.filter(
      ({ act: one }) => (one.do === 'ask' && one.sent === 'forged') || (one.do === 'connect' && one.offer === 'unproven'),
    );
    const old = all.filter(({ act: one }) => 'as' in one && one.as === 'former');
    const first = forged[0]?.entry ?? Infinity;
    const met = all.some(({ act: one, sight, entry }) => one.do === 'ask' && sight.said === 'done' && entry < first);
    const owners = all.filter(
      ({ act: one, entry }) => entry > first && 'as' in one && one.as === 'owner' && !forged.some((f) => f.entry === entry),
    );
    const findings = [
      ...effects(
        trace,
        forged,
        (said) => (said.act.do === 'connect' ? 'a handshake with a forged proof' : whose(said)),
        'no effect',
      ),
      ...effects(trace, old, () => 'a good word in a session that somebody forged into', 'no effect: the session is over'),
      ...silent(owners, 'after a forged frame'),
    ];
    return conclude(met ? old.length : 0, met ? findings : [], 'no session with the lock was to be had');
  },
};
