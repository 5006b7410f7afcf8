import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { callsOf, type History, history } from '../../oracle/history.ts';
import { amiss, refusal, shown, walksOf } from '../all/answers.ts';
import { holder, lookAgain, sound } from '../all/asks.ts';
import { found } from '../all/words.ts';

async function look(stage: Stage, users: readonly (string | null)[]): Promise<void> {
  await stage.ask('owner', { do: 'listLocks' });
  await stage.ask('owner', { do: 'readLock', lock: 'door' });
  for (const [i, user] of users.entries()) await lookAgain(stage, { user, grant: `g${i + 1}` });
}

async function act(stage: Stage): Promise<void> {
  const users = [await holder(stage, 'u1'), await holder(stage, 'u2')];
  for (const [i, user] of users.entries()) {
    await stage.ask('owner', sound(stage, `g${i + 1}`, { user, pin: `plain${i + 1}` }));
  }
  await look(stage, users);
  await stage.weather({ on: 'platform', happens: 'restart' });
  await stage.settle();
  await look(stage, users);
  await stage.feed('owner', 'start');
}

const plain = (id: string): string => id.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Ids in a place where one of ours is meant, and is spelled otherwise. */
function misspelled(past: History, ids: readonly string[]): readonly Finding[] {
  const known = new Map(ids.map((id) => [plain(id), id]));
  const wrong = (id: string | null): boolean => id !== null && known.has(plain(id)) && known.get(plain(id)) !== id;
  const expected = 'an id is spelled alike wherever it stands';
  const inViews = past.grantViews
    .filter(({ view }) => wrong(view.id) || wrong(view.lock) || wrong(view.user))
    .map(({ call }) => amiss(call, `${call.command.do} spelled an id in another way`, expected));
  const inEvents = past.events
    .filter(({ event }) => wrong(event.grant) || wrong(event.lock) || wrong(event.user))
    .map(({ entry, event }) => found(entry, `the event ${event.verb} spelled an id in another way`, expected));
  return [...inViews, ...inEvents];
}

/** Reads by an id that answered with another one, or with nothing though nobody removed it. */
function unstable(past: History): { readonly witnessed: number; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const read = past.calls.filter(({ command }) => /^read(Grant|User)$/.test(command.do));
  for (const call of read) {
    const { command } = call;
    const name = command.do === 'readGrant' ? command.grant : command.do === 'readUser' ? command.user : '';
    const id = past.grantIds.get(name) ?? past.userIds.get(name);
    const view = shown(call)[0];
    if (view && view.id !== id) findings.push(amiss(call, `${name} was read under another id`, 'ids are stable'));
    if (refusal(call)?.class === 'missing') findings.push(amiss(call, `the id of ${name} is no longer known`, 'ids are stable'));
  }
  return { witnessed: read.filter((call) => shown(call).length > 0).length, findings };
}

/** In each whole list every one of ours stands once. */
function listed(past: History): readonly Finding[] {
  return (['listGrants', 'listUsers'] as const).flatMap((list) =>
    walksOf(past, list)
      .filter(({ complete }) => complete)
      .flatMap(({ calls, items }) => {
        const own = [...(list === 'listGrants' ? past.grantIds : past.userIds)];
        const wrong = own.find(([, id]) => items.filter((item) => item.id === id).length !== 1);
        const last = calls.at(-1);
        return wrong && last ? [amiss(last, `in ${list} the id of ${wrong[0]} does not stand exactly once`, 'unique ids')] : [];
      }),
  );
}

export const requirement: Requirement = {
  id: 'PROV-001',
  area: 'prov',
  level: 'must',
  mark: 'api',
  text: 'Ids of locks, users and grants are unique, stable over time and restarts, and spelled alike in every answer and event.',
  source: 'lockproof contract, PROV 1; defects O7',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'listGrants', 'readLock'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const locks = callsOf(past, 'listLocks').flatMap((call) =>
      call.answer?.kind === 'ok' ? [{ call, ids: call.answer.value.items.map(({ id }) => id) }] : [],
    );
    const doors = callsOf(past, 'readLock').flatMap(({ answer }) => (answer?.kind === 'ok' ? [answer.value.id] : []));
    const ids = [...past.grantIds.values(), ...past.userIds.values()];
    const { witnessed, findings } = unstable(past);
    const twice = locks.filter(({ ids: all }) => new Set(all).size !== all.length);
    return conclude(
      new Set(ids).size === ids.length ? witnessed : 0,
      [
        ...findings,
        ...listed(past),
        ...misspelled(past, [...ids, ...doors]),
        ...twice.map(({ call }) => amiss(call, 'two locks have one id', 'unique ids')),
        ...(new Set(doors).size > 1 ? [found(0, 'the lock was read under two ids', 'ids are stable')] : []),
        ...(new Set(ids).size < ids.length ? [found(0, 'two creates were answered with one id', 'unique ids')] : []),
      ],
      'nothing was created and read again',
    );
  },
};
