import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { ask, connect, effects, losePower, onLink, powered, type Said, silent, talk, throwBolt, whose } from './words.ts';

/** Each after a loss of power of its own: what is in a memory that has just begun is there for the first who speaks only. */
async function act(stage: Stage): Promise<void> {
  const { boltMs } = stage.declaration.timing;
  await connect(stage, 'owner');
  await throwBolt(stage);
  await losePower(stage);
  await connect(stage, 'anonymous');
  await ask(stage, 'anonymous', 'unlock');
  // The bolt shows it; and what it shows when power goes next is not of this.
  await stage.pass(boltMs);
  await losePower(stage);
  // The first session after power came back is the one that may come again when it next does.
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
  await ask(stage, 'owner', 'unlock');
  await throwBolt(stage);
  await losePower(stage);
  await stage.wire({ on: 'device', do: 'replay', as: 'owner', into: 'fresh-link' });
  await stage.pass(boltMs);
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status');
}

/**
 * Where power came back and the bolt was drawn back by that alone: by the sensors until anything else was done, or by the lock's
 * first word after it, where it was told as thrown before and nothing but a session was asked of it since. A door that is safe
 * without power has its bolt drawn anyhow.
 */
function woken(trace: Trace): readonly Finding[] {
  if (trace.header.declaration.safety.failMode !== 'secure') return [];
  const all = talk(trace);
  const isTold = ({ sight }: Said): boolean => sight.status !== null;
  return trace.entries.flatMap((entry, i): Finding[] => {
    if (entry.kind !== 'acted' || entry.act.act !== 'power' || !entry.act.on) return [];
    const next = trace.entries.findIndex((one, at) => at > i && (one.kind === 'wired' || one.kind === 'acted'));
    const until = trace.entries[next];
    const untilMs = until && 'fromMs' in until ? until.fromMs : Infinity;
    const hasMoved = trace.entries.some(
      (one) =>
        one.kind === 'moved' && one.motion.bolt === 'unlocked' && one.motion.atMs >= entry.fromMs && one.motion.atMs < untilMs,
    );
    const before = all.findLast((said) => said.entry < i && isTold(said));
    const since = all.filter((said) => said.entry > (before?.entry ?? i));
    const after = since.find(isTold);
    const isAlone = since.slice(0, after ? since.indexOf(after) : 0).every(({ act: one }) => one.do === 'connect');
    const isTurned = before?.sight.status?.bolt === 'locked' && after?.sight.status?.bolt === 'unlocked' && isAlone;
    return hasMoved || isTurned ? [found(i, 'the bolt was drawn back when power came back', 'thrown, as before')] : [];
  });
}

const isOutside = ({ act: one, sight }: Said): boolean =>
  one.do === 'replay' || ('as' in one && one.as === 'anonymous' && sight.code !== 'no-key');

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-023',
  text: 'A loss of power opens nothing: the bolt stays thrown, who has no key gets no session right after it, and a session that was recorded after one is not taken after the next.',
  source:
    'lockproof contract, LINK 2 and LINK 3; OSDP 2.2 annex D (random numbers and keys of a session); defects O1, O16, LINK-04, LINK-10',
  means: ['wire:device', 'hand:power'],
  quick: false,
  feed: { act },
  judge(trace) {
    const all = talk(trace);
    const isPowered = ({ entry }: Said): boolean => powered(trace, entry) >= 0;
    const outside = all.filter((said) => isOutside(said) && isPowered(said));
    const first = outside[0]?.entry ?? Infinity;
    const met = all.some(
      ({ act: one, sight, entry }) => 'as' in one && one.as === 'owner' && sight.said === 'done' && entry < first,
    );
    const owners = all.filter(({ act: one, entry }) => entry > first && one.do === 'ask' && one.as === 'owner');
    const findings = [
      ...effects(trace, outside, (said) => `${whose(said)}, right after power came back,`, 'no effect'),
      ...woken(trace),
      ...silent(owners, 'after a loss of power'),
    ];
    return conclude(met ? outside.length : 0, met ? findings : [], 'the owner had no session, or power was not lost');
  },
};
