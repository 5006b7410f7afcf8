import { has } from '../../contract/declaration.ts';
import type { EventVerb } from '../../contract/event.ts';
import type { Command } from '../../contract/command.ts';
import type { Requirement, Stage } from '../../contract/requirement.ts';
import { conclude, type Finding, type Trace } from '../../contract/trace.ts';
import { callsOf, type History, history } from '../../oracle/history.ts';
import { mayBeForgotten } from '../../oracle/memory.ts';
import { holder, sound, unlike } from '../all/asks.ts';
import { found } from '../all/words.ts';

async function act(stage: Stage): Promise<void> {
  const user = await holder(stage);
  const change = async (what: Extract<Command, { do: 'changeGrant' }>['change']): Promise<void> => {
    await stage.ask('owner', { do: 'changeGrant', grant: 'g1', change: what });
  };
  await stage.ask('owner', { do: 'identify' });
  if (user !== null) await stage.ask('owner', { do: 'renameUser', user, name: unlike(stage, 'other') });
  await stage.ask('owner', sound(stage, 'g1', { user }));
  await stage.awaitGrant('owner', 'g1');
  await change({ name: unlike(stage, 'other') });
  if (has(stage.declaration, 'change-pin')) await change({ pin: 'plain2' });
  if (has(stage.declaration, 'suspend')) await change({ suspended: true });
  if (has(stage.declaration, 'suspend')) await change({ suspended: false });
  await stage.ask('owner', { do: 'revokeGrant', grant: 'g1' });
  await stage.awaitGrant('owner', 'g1');
  if (user !== null) await stage.ask('owner', { do: 'removeUser', user });
  await stage.pass(stage.declaration.timing.eventMs);
  await stage.feed('owner');
}

/** What an accepted command says in the feed. */
function verbOf(command: Command): EventVerb | null {
  switch (command.do) {
    case 'addUser':
      return 'user.added';
    case 'renameUser':
      return 'user.changed';
    case 'removeUser':
      return 'user.removed';
    case 'createGrant':
      return 'grant.created';
    case 'revokeGrant':
      return 'grant.revoked';
    case 'changeGrant':
      if (command.change.suspended === undefined) return 'grant.changed';
      return command.change.suspended ? 'grant.suspended' : 'grant.resumed';
    default:
      return null;
  }
}

/** Each kind of change of each thing: how often it was accepted, and how often it was told. */
function tally(past: History, trace: Trace): { readonly witnessed: number; readonly findings: readonly Finding[] } {
  const { declaration } = trace.header;
  const reading = past.readings.findLast(({ as, complete }) => as === 'owner' && complete);
  const groups = new Map<
    string,
    { verb: EventVerb; name: string; done: number; unsure: boolean; firstMs: number; lastMs: number }
  >();
  for (const { command, answer, askMs, answerMs } of past.calls) {
    const verb = verbOf(command);
    const name = 'grant' in command ? command.grant : 'user' in command ? command.user : null;
    if (verb === null || name === null || !declaration.events.includes(verb) || answer?.kind === 'refused') continue;
    const key = `${verb} ${name}`;
    const group = groups.get(key) ?? { verb, name, done: 0, unsure: false, firstMs: askMs, lastMs: 0 };
    const ok = answer?.kind === 'ok';
    groups.set(key, { ...group, done: group.done + (ok ? 1 : 0), unsure: group.unsure || !ok, lastMs: answerMs });
  }
  const findings: Finding[] = [];
  let witnessed = 0;
  for (const { verb, name, done, unsure, firstMs, lastMs } of groups.values()) {
    const id = past.grantIds.get(name) ?? past.userIds.get(name);
    if (!reading || unsure || id === undefined || reading.endMs - lastMs < declaration.timing.eventMs) continue;
    if (mayBeForgotten(trace, firstMs)) continue;
    const told = past.events.filter(
      ({ event }) => event.verb === verb && event.about === null && (event.grant ?? event.user) === id,
    );
    // A removal is told when the lock has confirmed it, which is not this rule's matter.
    const due = verb === 'grant.revoked' ? Math.min(done, 1) : done;
    const least = verb === 'grant.revoked' && !isConfirmed(past, id) ? 0 : due;
    witnessed += told.length;
    if (told.length >= least && told.length <= due) continue;
    const at = told.at(due)?.entry ?? reading.endEntry;
    findings.push(found(at, `${due} × ${verb} of ${name} made ${told.length} events`, 'exactly one event for each change'));
  }
  return { witnessed, findings };
}

const isConfirmed = (past: History, id: string): boolean =>
  past.grantViews.some(({ view }) => view.id === id && view.wish === 'revoked' && view.sync === 'confirmed');

/** Administrative events about our things that name another lock or another integration. */
function misattributed(past: History): readonly Finding[] {
  const ids = new Set([...past.grantIds.values(), ...past.userIds.values()]);
  const locks = new Map(past.grantViews.map(({ view }) => [view.id, view.lock]));
  const who = callsOf(past, 'identify').flatMap(({ as, answer }) =>
    as === 'owner' && answer?.kind === 'ok' ? [answer.value.integration] : [],
  )[0];
  return past.events.flatMap(({ entry, event }) => {
    if (!ids.has(event.grant ?? event.user ?? '')) return [];
    const lock = event.grant === null ? undefined : locks.get(event.grant);
    if (lock && event.lock !== null && event.lock !== lock)
      return [found(entry, `${event.verb} named another lock`, 'the lock of the grant')];
    return who && event.integration !== null && event.integration !== who
      ? [found(entry, `${event.verb} named another integration`, 'the integration that did it')]
      : [];
  });
}

export const requirement: Requirement = {
  id: 'EVT-005',
  area: 'evt',
  level: 'must',
  mark: 'api',
  text: 'Each administrative change makes exactly one event of its declared kind, of the right thing and actor, without secrets.',
  source: 'lockproof contract, EVT 5; defects O5, O7, EVT-15',
  abilities: ['events'],
  commands: ['createGrant', 'revokeGrant', 'readEvents'],
  observations: [],
  means: [],
  quick: true,
  needsConsent: [],
  feed: { act },
  judge(trace) {
    const past = history(trace);
    const { witnessed, findings } = tally(past, trace);
    const secrets = trace.entries.flatMap((entry, i) =>
      entry.kind === 'heard' && entry.secretsSeen.length > 0
        ? [found(i, `an event held ${entry.secretsSeen.join(', ')}`, 'no secrets in events')]
        : [],
    );
    return conclude(witnessed, [...findings, ...misattributed(past), ...secrets], 'no change was told in time to be counted');
  },
};
