import { has } from '../../contract/declaration.ts';
import type { RefusalClass } from '../../contract/answer.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude } from '../../contract/trace.ts';
import { type Call, callsOf, type History, history } from '../../oracle/history.ts';
import { amiss, isSaid, ownerServed, refusal } from '../all/answers.ts';
import { askAll, holder, sound, unlike } from '../all/asks.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  await askAll(stage, 'owner', [
    { do: 'readLock', lock: 'absent' },
    { do: 'listGrants', lock: 'absent' },
    { do: 'readGrant', grant: 'absent' },
    { do: 'changeGrant', grant: 'absent', change: { name: unlike(stage, 'absent') } },
    { do: 'revokeGrant', grant: 'absent' },
    { do: 'readOperation', operation: 'absent' },
    { do: 'lock', lock: 'absent' },
    sound(stage, 'g9', { user, lock: 'absent' }),
  ]);
  if (!has(stage.declaration, 'users')) return;
  await askAll(stage, 'owner', [
    { do: 'readUser', user: 'absent' },
    { do: 'renameUser', user: 'absent', name: unlike(stage, 'absent') },
    { do: 'removeUser', user: 'absent' },
    sound(stage, 'g8', { user: 'absent', pin: 'plain2' }),
    // An id that is right in form, of a thing that is gone.
    { do: 'removeUser', user: 'u1' },
    { do: 'readUser', user: 'u1' },
    { do: 'renameUser', user: 'u1', name: unlike(stage, 'gone') },
  ]);
}

/** Whether a call names something that never was; a platform may also call its form a mistake. */
const namesAbsent = ({ command }: Call): boolean =>
  (['lock', 'user', 'grant', 'operation'] as const).some(
    (field) => field in command && Object.entries(command).some(([name, value]) => name === field && value === 'absent'),
  );

/** Whether a call names a user that was removed. */
const namesGone = (past: History, { command, askEntry }: Call): boolean =>
  (command.do === 'readUser' || command.do === 'renameUser') &&
  callsOf(past, 'removeUser').some(
    (one) => one.command.user === command.user && one.answer?.kind === 'ok' && one.answerEntry < askEntry,
  );

export const requirement: Requirement = {
  id: 'ERR-004',
  area: 'err',
  level: 'must',
  mark: 'api',
  text: 'What is not there is refused as missing, never as trouble of the platform, and never answered as if it were.',
  source: 'lockproof contract, ERR 1 and SCOPE 1; RFC 9110 section 15.5.5; defects O11, ERR-01, ERR-03, PROV-07',
  abilities: [],
  commands: ['readLock', 'readGrant'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const absent: ReadonlySet<RefusalClass> = new Set(['missing', 'permission', 'request']);
    const gone: ReadonlySet<RefusalClass> = new Set(['missing', 'permission']);
    const tried = past.calls.filter((call) => namesAbsent(call) || namesGone(past, call));
    const findings = tried.flatMap((call) => {
      const { answer, command } = call;
      const reason = refusal(call);
      const fair = namesAbsent(call) ? absent : gone;
      if (answer?.kind === 'lost')
        return [
          amiss(call, `${command.do} of what is not there got no readable answer (${answer.trouble})`, 'refused as missing'),
        ];
      if (reason)
        return !isSaid(call) || fair.has(reason.class)
          ? []
          : [amiss(call, `${command.do} of what is not there was refused as ${reason.class}`, 'refused as missing')];
      const isEmpty =
        answer?.kind === 'ok' && answer.value !== null && 'items' in answer.value && answer.value.items.length === 0;
      return isEmpty || answer === null
        ? []
        : [amiss(call, `${command.do} of what is not there was answered as done`, 'refused as missing')];
    });
    return conclude(
      ownerServed(past) || !has(trace.header.declaration, 'users') ? tried.filter(isSaid).length : 0,
      findings,
      'nothing that is missing was asked for',
    );
  },
};
