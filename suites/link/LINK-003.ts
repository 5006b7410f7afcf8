import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { ask, connect, onLink, type Said, talk, throwBolt, whose } from './words.ts';

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await ask(stage, 'owner', 'status', 'split');
  await ask(stage, 'owner', 'status', 'glued');
  await ask(stage, 'owner', 'table', 'glued');
  for (const sent of ['twice', 'swapped'] as const) {
    await throwBolt(stage);
    await ask(stage, 'owner', 'log');
    await ask(stage, 'owner', 'unlock', sent);
    await ask(stage, 'owner', 'log');
  }
}

/** Openings over the link that a later reading of the log has and an earlier one had not. */
function opened(before: Said | undefined, after: Said | undefined): number | null {
  const [older, newer] = [before?.sight.log, after?.sight.log];
  if (!older || !newer) return null;
  const newest = older.reduce((last, { seq }) => Math.max(last, seq), 0);
  return newer.filter(({ seq, verb, method }) => seq > newest && verb === 'lock.unlocked' && method === 'remote').length;
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-003',
  text: 'Good frames on the link of the lock all work, in whatever pieces they come; a repeat, or one that was overtaken, has no effect of its own.',
  source: 'lockproof contract, LINK 1; OSDP 2.2 clause 5.9 (sequence number); OSDP Verified 050-09-19; defects O16, O18, LINK-13',
  feed: { act },
  judge(trace) {
    const all = talk(trace).filter(({ act: one }) => one.do === 'ask');
    const isSent = (said: Said, ...how: readonly string[]): boolean => said.act.do === 'ask' && how.includes(said.act.sent);
    const pieces = all.filter((said) => isSent(said, 'split', 'glued'));
    const repeats = all.filter((said) => isSent(said, 'twice', 'swapped'));
    const lost = pieces.flatMap((said): Finding[] => {
      const due = isSent(said, 'glued') ? 2 : 1;
      const why = `${whose(said)} was answered ${said.sight.answers} times`;
      return said.sight.answers === due ? [] : [found(said.entry, why, `${due} answers`)];
    });
    // A repeat whose effect nobody could read proves nothing.
    const read = repeats.flatMap((said) => {
      const at = all.indexOf(said);
      const times = opened(all[at - 1], all[at + 1]);
      return times === null && said.sight.answers <= 1 ? [] : [{ said, times }];
    });
    const again = read.flatMap(({ said, times }): Finding[] => {
      if (said.sight.answers > 1) return [found(said.entry, `${whose(said)} was answered ${said.sight.answers} times`, 'once')];
      return times !== null && times > 1 ? [found(said.entry, `${whose(said)} opened ${times} times`, 'once')] : [];
    });
    const early = repeats
      .filter((said) => said.sight.code === 'ahead')
      .map((said) => found(said.entry, `${whose(said)} was done before its turn`, 'refused: a number was left out'));
    const met = all.some(({ sight }) => sight.said === 'done');
    return conclude(
      met ? pieces.length + read.length + early.length : 0,
      [...(met ? lost : []), ...again, ...early],
      'no session with the lock was to be had',
    );
  },
};
