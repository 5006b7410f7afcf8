import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Trace } from '../../contract/trace.ts';
import { callsOf, type Call, type History, history } from '../../oracle/history.ts';
import { amiss, effects, isSaid, movedByNobody, ownerServed, refusal } from '../all/answers.ts';
import { administration, askAll, lookAgain, makeOne, operation, reads } from '../all/asks.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const made = await makeOne(stage);
  await stage.ask('owner', { do: 'readLock', lock: 'door' });
  await askAll(stage, 'stranger', reads(made));
  // The same PIN as the owner's: whether it is taken is nobody else's business.
  await askAll(stage, 'stranger', administration(stage, made, 'stranger', 'plain1'));
  await askAll(stage, 'stranger', operation);
  await lookAgain(stage, made);
  await stage.pass(stage.declaration.timing.eventMs);
  await stage.feed('owner');
  await stage.ask('owner', { do: 'lock', lock: 'door' });
  await stage.ask('stranger', { do: 'readOperation', operation: 'newest' });
  await stage.feed('stranger', 'start');
}

/** Ids that belong to the owner. */
function ours(past: History): ReadonlySet<string> {
  const operations = [...callsOf(past, 'lock'), ...callsOf(past, 'unlock')].flatMap(({ as, answer }) =>
    as === 'owner' && answer?.kind === 'ok' ? [answer.value.id] : [],
  );
  const locks = past.lockViews.filter(({ call }) => call.as === 'owner' && call.command.do === 'readLock');
  const made = past.calls.flatMap(({ as, command, answer }) =>
    as === 'owner' && answer?.kind === 'ok' && answer.value && 'id' in answer.value && /^(createGrant|addUser)$/.test(command.do)
      ? [answer.value.id]
      : [],
  );
  return new Set([...made, ...locks.map(({ view }) => view.id), ...operations]);
}

const harmless: ReadonlySet<string> = new Set(['permission', 'missing', 'request']);
const listing: ReadonlySet<string> = new Set(['identify', 'listLocks', 'listGrants', 'listUsers', 'readEvents', 'addUser']);

function seenBy(call: Call, own: ReadonlySet<string>) {
  const { command, answer } = call;
  const expected = 'refused as a matter of permission, or as if it were not there';
  const reason = refusal(call);
  if (reason && !harmless.has(reason.class))
    return [amiss(call, `${command.do} on a thing of the owner was refused to a foreign account as ${reason.class}`, expected)];
  if (answer?.kind !== 'ok') return [];
  if (!listing.has(command.do))
    return [amiss(call, `${command.do} on a thing of the owner was done for a foreign account`, expected)];
  const items = answer.value && 'items' in answer.value ? answer.value.items : [];
  const leaked = items.some((item) => own.has(item.id) || ('rawType' in item && names(item).some((id) => own.has(id))));
  return leaked ? [amiss(call, `${command.do} showed a thing of the owner to a foreign account`, 'nothing of ours')] : [];
}

const names = (event: { lock: string | null; grant: string | null; user: string | null }): readonly string[] =>
  [event.lock, event.grant, event.user].filter((id) => id !== null);

function heardByStranger(trace: Trace, own: ReadonlySet<string>) {
  return trace.entries.flatMap((entry, i) =>
    entry.kind === 'heard' && entry.as === 'stranger' && names(entry.event).some((id) => own.has(id))
      ? [found(i, `a foreign account was told ${entry.event.verb} of a thing of the owner`, 'nothing of ours')]
      : [],
  );
}

export const requirement: Requirement = {
  id: 'SCOPE-001',
  area: 'scope',
  level: 'must',
  mark: 'api',
  text: 'A foreign account can neither see nor touch a lock, user, grant, operation or event that is not its own.',
  source: 'lockproof contract, SCOPE 1 and PROV 6; OWASP API1:2023; defects O2, SCOPE-01, SCOPE-02, SCOPE-08',
  abilities: [],
  commands: ['createGrant', 'readGrant', 'listGrants', 'readLock'],
  observations: [],
  means: ['actor:stranger'],
  quick: true,
  needsConsent: ['mayMove'],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const own = ours(past);
    const tried = past.calls.filter(({ as }) => as === 'stranger');
    const said = tried.filter(isSaid);
    const findings = [
      ...said.flatMap((call) => seenBy(call, own)),
      ...heardByStranger(trace, own),
      ...effects(past, tried),
      ...movedByNobody(
        past,
        tried.filter(({ askEntry }) => askEntry < firstMove(past)),
      ),
    ];
    return conclude(ownerServed(past) && own.size > 0 ? said.length : 0, findings, 'nothing of ours was there to be tried');
  },
};

/** Where the owner began to move the bolt. */
const firstMove = (past: History): number =>
  past.calls.find(({ as, command }) => as === 'owner' && (command.do === 'lock' || command.do === 'unlock'))?.askEntry ??
  Number.POSITIVE_INFINITY;
