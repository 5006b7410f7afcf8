import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding } from '../../contract/trace.ts';
import { type Call, callsOf, type History, history } from '../../oracle/history.ts';
import { amiss, isSaid, refusal, shown, walksOf } from '../all/answers.ts';
import { holder, sound, walk } from '../all/asks.ts';

async function act(stage: Stage): Promise<void> {
  const holderOf = await holder(stage, 'u1');
  const spare = await holder(stage, 'u2');
  await stage.ask('owner', sound(stage, 'g1', { user: holderOf }));
  for (let time = 0; time < 2; time++) {
    await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
    if (spare !== null) await stage.ask('owner', { do: 'removeUser', user: spare });
  }
  await stage.settle();
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
  await walk(stage, 'listGrants');
  if (spare === null) return;
  await stage.ask('owner', { do: 'readUser', user: spare });
  await walk(stage, 'listUsers');
}

const nameOf = ({ command }: Call): string =>
  command.do === 'revokeGrant' ? command.grant : command.do === 'removeUser' || command.do === 'readUser' ? command.user : '';

/** Removals that came after one that was accepted. */
function repeated(past: History): readonly Call[] {
  const removals = past.calls.filter(({ command }) => command.do === 'revokeGrant' || command.do === 'removeUser');
  return removals.filter(
    (call) =>
      isSaid(call) &&
      removals.some((one) => one.answer?.kind === 'ok' && nameOf(one) === nameOf(call) && one.answerEntry < call.askEntry),
  );
}

function repeatAmiss(call: Call): readonly Finding[] {
  const reason = refusal(call);
  const expected = 'the same answer, or a typed refusal';
  if (reason?.class === 'platform' || reason?.class === 'credential')
    return [amiss(call, `a repeated ${call.command.do} was told as ${reason.class}`, expected)];
  if (reason)
    return reason.code === '' ? [amiss(call, `a repeated ${call.command.do} was refused without a code`, expected)] : [];
  const value = call.answer?.kind === 'ok' ? call.answer.value : null;
  return value && 'wish' in value && value.wish !== 'revoked'
    ? [amiss(call, 'a repeated revocation brought the grant back', expected)]
    : [];
}

/** After settle: users that were removed, read or listed all the same; grants that were revoked, listed as granted. */
function ghosts(past: History): readonly Finding[] {
  const settled = past.trace.entries.findIndex((entry) => entry.kind === 'settled');
  if (settled < 0) return [];
  const gone = new Map(
    callsOf(past, 'removeUser').flatMap((call) =>
      call.answer?.kind === 'ok' ? [[past.userIds.get(call.command.user) ?? '', call.command.user]] : [],
    ),
  );
  const users = [...callsOf(past, 'readUser'), ...walksOf(past, 'listUsers').flatMap(({ calls }) => calls)]
    .filter((call) => call.askEntry > settled)
    .flatMap((call) =>
      shown(call).flatMap(({ id }) =>
        gone.has(id) ? [amiss(call, `${gone.get(id) ?? ''} was removed and is still there`, 'gone')] : [],
      ),
    );
  const revoked = new Set(
    callsOf(past, 'revokeGrant').flatMap((call) => (call.answer?.kind === 'ok' ? [past.grantIds.get(call.command.grant)] : [])),
  );
  const grants = past.grantViews
    .filter(({ view, call }) => call.askEntry > settled && revoked.has(view.id) && view.wish !== 'revoked')
    .map(({ call, view }) => amiss(call, `a revoked grant is shown as ${view.wish}`, 'gone, or shown as revoked'));
  return [...users, ...grants];
}

export const requirement: Requirement = {
  id: 'PROV-004',
  area: 'prov',
  level: 'must',
  mark: 'api',
  text: 'What was deleted is gone, and deleting it again is answered alike or refused with a typed error.',
  source: 'lockproof contract, PROV 2; RFC 9110 section 9.2.2; defects O9, PROV-10, REV-02',
  abilities: [],
  commands: ['createGrant', 'revokeGrant', 'listGrants'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const again = repeated(past);
    return conclude(again.length, [...again.flatMap(repeatAmiss), ...ghosts(past)], 'nothing was removed twice');
  },
};
