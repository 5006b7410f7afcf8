import { has } from '../../contract/declaration.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Call, type History, history } from '../../oracle/history.ts';
import { amiss, refusal, shown, walksOf } from '../all/answers.ts';
import { holder, sound, unlike, walk } from '../all/asks.ts';

const pageLimit = 2;
const count = 7;

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage, 'u0');
  for (let i = 1; i <= count; i++) {
    await stage.ask('owner', sound(stage, `g${i}`, { user, pin: `plain${i}` }));
    if (has(stage.declaration, 'users')) await stage.ask('owner', { do: 'addUser', user: `u${i}`, name: unlike(stage, `u${i}`) });
  }
  // What was listed goes, what was not yet listed goes, and something new comes.
  await walk(stage, 'listGrants', {
    limit: pageLimit,
    async between(page) {
      if (page === 0) await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
      if (page === 0) await stage.awaitGrant('owner', 'g1');
      if (page === 1) await stage.ask('owner', sound(stage, 'g8', { user, pin: 'plain8' }));
      if (page === 1) await stage.ask('owner', { do: 'revokeGrant', grant: 'g6' });
      if (page === 1) await stage.awaitGrant('owner', 'g6');
    },
  });
  if (!has(stage.declaration, 'users')) return;
  await walk(stage, 'listUsers', {
    limit: pageLimit,
    async between(page) {
      if (page === 0) await stage.ask('owner', { do: 'removeUser', user: 'u1' });
      if (page === 1) await stage.ask('owner', { do: 'addUser', user: 'u8', name: unlike(stage, 'u8') });
      if (page === 1) await stage.ask('owner', { do: 'removeUser', user: 'u6' });
    },
  });
}

const nameOf = ({ command }: Call): string =>
  'grant' in command ? command.grant : 'user' in command && command.user !== null ? command.user : '';

/** Those that were there before a walk began, and that nobody removed before it ended. */
function lasting(past: History, from: Call, to: Call, list: 'listGrants' | 'listUsers'): readonly (readonly [string, string])[] {
  const [make, remove] = list === 'listGrants' ? ['createGrant', 'revokeGrant'] : ['addUser', 'removeUser'];
  const removed = new Set(
    past.calls.filter(({ command, askEntry }) => command.do === remove && askEntry < to.answerEntry).map(nameOf),
  );
  return past.calls.flatMap((call) => {
    const [item] = call.command.do === make && call.answerEntry < from.askEntry ? shown(call) : [];
    return item && !removed.has(nameOf(call)) ? [[nameOf(call), item.id] as const] : [];
  });
}

export const requirement: Requirement = {
  id: 'PROV-003',
  area: 'prov',
  level: 'must',
  mark: 'api',
  text: 'A walk through the pages of a list neither loses nor repeats what is there all the while, whatever is added and removed meanwhile.',
  source: 'lockproof contract, PROV 5; defects O7, O9',
  abilities: ['pagination'],
  commands: ['createGrant', 'revokeGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const findings: Finding[] = [];
    let witnessed = 0;
    for (const list of ['listGrants', 'listUsers'] as const) {
      for (const { calls, items, complete } of walksOf(past, list)) {
        const [first, last] = [calls[0], calls.at(-1)];
        const long = calls.find((call) => shown(call).length > trace.header.declaration.limits.pageItems);
        if (long) findings.push(amiss(long, `a page of ${list} is longer than declared`, 'at most limits.pageItems'));
        const turned = calls.slice(1).find((call) => refusal(call)?.class === 'request');
        if (turned) findings.push(amiss(turned, `${list} refused the cursor that it had given`, 'the next page'));
        if (!complete || !first || !last || calls.length < 2) continue;
        for (const [name, id] of lasting(past, first, last, list)) {
          const times = items.filter((item) => item.id === id).length;
          witnessed += 1;
          if (times !== 1)
            findings.push(amiss(last, `${name} stood ${times} times in ${list} over ${calls.length} pages`, 'exactly once'));
        }
      }
    }
    return conclude(witnessed, findings, 'no list had a second page');
  },
};
