import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import { ask, connect, keys, onLink, silent, talk, whose } from './words.ts';

const own = ['status', 'lock', 'unlock'];

async function act(stage: Stage): Promise<void> {
  await connect(stage, 'owner');
  await keys(stage, 'add-guest');
  await connect(stage, 'guest');
  for (const what of ['table', 'log', 'unlock', 'status', 'lock'] as const) await ask(stage, 'guest', what);
  await keys(stage, 'remove-guest');
}

export const requirement: Requirement = {
  ...onLink,
  id: 'LINK-010',
  text: 'On the link of the lock a guest locks, unlocks and asks for the status, and sees neither the log nor the table of codes.',
  source: 'lockproof contract, SCOPE 1; defects O13',
  features: ['guests', 'records'],
  feed: { act },
  judge(trace) {
    const guests = talk(trace).filter(({ act: one }) => 'as' in one && one.as === 'guest');
    const asked = guests.filter(({ act: one }) => one.do === 'ask');
    const may = guests.filter(({ act: one }) => one.do === 'connect' || (one.do === 'ask' && own.includes(one.ask)));
    const shown = asked
      .filter(
        ({ act: one, sight }) =>
          one.do === 'ask' && !own.includes(one.ask) && (sight.said === 'done' || sight.log || sight.slots),
      )
      .map((said) => found(said.entry, `${whose(said)} was answered`, 'refused: that is the owner’s'));
    const met = guests.some(({ sight }) => sight.said === 'done');
    return conclude(met ? asked.length : 0, [...shown, ...(met ? silent(may, 'though it may') : [])], 'no guest was ever let in');
  },
};
