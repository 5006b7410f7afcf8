import type { Answer, RefusalClass } from '../../contract/answer.ts';
import type { CommandOf } from '../../contract/command.ts';
import type { Results } from '../../contract/view.ts';
import type { Finding } from '../../contract/trace.ts';
import { beliefs } from '../../oracle/belief.ts';
import { type Call, callsOf, type History } from '../../oracle/history.ts';
import { found } from './words.ts';

/** What judges of answers share. */

type Refused = Extract<Answer<never>, { kind: 'refused' }>;
interface Item {
  readonly id: string;
  readonly name: string | null;
}

/** Refusals that say nothing of the matter: too many requests, a line that is down, a thing that cannot be expressed. */
const aside: ReadonlySet<RefusalClass> = new Set(['rate', 'network', 'unsupported']);

/** The call's refusal; null where it was not refused. */
export const refusal = ({ answer }: Call): Refused['reason'] | null => (answer?.kind === 'refused' ? answer.reason : null);

/** Whether the platform itself said yes or no to what was asked. */
export const isSaid = (call: Call): boolean => {
  if (call.answer === null || call.answer.kind === 'lost' || call.answer.facts.status === null) return false;
  const reason = refusal(call);
  return reason === null || !aside.has(reason.class);
};

/** Whether anything that `owner` asked was answered: a platform that refuses everything proves nothing. */
export const ownerServed = (past: History): boolean =>
  past.calls.some(({ as, answer }) => as === 'owner' && answer?.kind === 'ok');

/** A finding at a call's answer. */
export const amiss = (call: Call, why: string, expected: string): Finding => found(call.answerEntry, why, expected);

const valueOf = (call: Call): Results[keyof Results] => (call.answer?.kind === 'ok' ? call.answer.value : null);

/** Users and grants that an answer shows. */
export function shown(call: Call): readonly Item[] {
  const value = valueOf(call);
  const { do: what } = call.command;
  if (value === null || !/Grants?$|Users?$/.test(what)) return [];
  const items = 'items' in value ? value.items : [value];
  return items.flatMap((item) => ('id' in item && 'name' in item ? [item] : []));
}

/** One walk through a list, page by page. */
export interface Walk {
  readonly calls: readonly Call[];
  readonly items: readonly Item[];
  /** It came to the end. */
  readonly complete: boolean;
}

/** The walks through one list by one caller at a time, in the order of their beginnings. */
export function walksOf(past: History, list: 'listGrants' | 'listUsers'): readonly Walk[] {
  const calls: readonly Call<CommandOf<'listGrants' | 'listUsers'>>[] =
    list === 'listGrants' ? callsOf(past, 'listGrants') : callsOf(past, 'listUsers');
  const walks: { as: string; calls: Call[]; items: Item[]; next: string | null; complete: boolean }[] = [];
  for (const call of calls) {
    const { cursor } = call.command;
    if (cursor === undefined) walks.push({ as: call.as, calls: [], items: [], next: null, complete: false });
    const open = walks.findLast((one) => one.as === call.as && (cursor === undefined || one.next === cursor));
    if (!open || open.complete) continue;
    open.calls.push(call);
    open.items.push(...shown(call));
    open.next = call.answer?.kind === 'ok' ? call.answer.value.cursor : null;
    open.complete = call.answer?.kind === 'ok' && open.next === null;
  }
  return walks.filter((one) => one.calls.length > 0);
}

/** What can be seen afterwards, by the owner, of writes that were refused. */
export function effects(past: History, writes: readonly Call[]): readonly Finding[] {
  return writes.filter((call) => refusal(call) !== null).flatMap((call) => effectOf(past, call));
}

function effectOf(past: History, write: Call): readonly Finding[] {
  const { command } = write;
  const later = past.calls.filter(({ as, askEntry }) => as === 'owner' && askEntry > write.answerEntry);
  const name = nameIn(write);
  const again = past.calls.some((call) => call !== write && nameIn(call) === name && refusal(call) === null);
  const seen = name === null || again ? undefined : later.find((call) => shown(call).some((item) => item.name === name));
  if (seen)
    return [amiss(seen, `${command.do} by ${write.as} was refused, and what it named is there`, 'an error has no effect')];
  if (command.do === 'changeGrant' || command.do === 'revokeGrant') {
    const story = beliefs(past.trace).get(command.grant);
    const changed = story?.contradictions.find(({ entry }) => entry > write.answerEntry);
    if (changed)
      return [
        found(
          changed.entry,
          `${command.do} by ${write.as} was refused, and ${command.grant} is another`,
          'an error has no effect',
        ),
      ];
  }
  const gone = later.find((call) => refusal(call)?.class === 'missing' && isRemovedBy(past, call, write));
  return gone
    ? [amiss(gone, `${command.do} by ${write.as} was refused, and what it named is gone`, 'an error has no effect')]
    : [];
}

/** The name that a write gives. */
function nameIn({ command }: Call): string | null {
  if (command.do === 'createGrant' || command.do === 'addUser' || command.do === 'renameUser') return command.name;
  return command.do === 'changeGrant' ? (command.change.name ?? null) : null;
}

/** Whether a read misses just what the refused write would have removed, and nothing else removed it. */
function isRemovedBy(past: History, read: Call, write: Call): boolean {
  const { command } = write;
  if (command.do === 'revokeGrant' && read.command.do === 'readGrant' && read.command.grant === command.grant)
    return !callsOf(past, 'revokeGrant').some((call) => call.command.grant === command.grant && refusal(call) === null);
  if (command.do === 'removeUser' && read.command.do === 'readUser' && read.command.user === command.user)
    return !callsOf(past, 'removeUser').some((call) => call.command.user === command.user && refusal(call) === null);
  return false;
}

/** Remote motions of the bolt that nobody was allowed to ask for. */
export function movedByNobody(past: History, writes: readonly Call[]): readonly Finding[] {
  const isMove = ({ command }: Call): boolean => command.do === 'lock' || command.do === 'unlock';
  const first = writes.find((call) => isMove(call) && refusal(call) !== null);
  if (!first || past.calls.some((call) => isMove(call) && refusal(call) === null)) return [];
  return past.events
    .filter(({ event, entry }) => entry > first.askEntry && event.method === 'remote' && event.verb.startsWith('lock.'))
    .map(({ entry, event }) =>
      found(entry, `${event.verb} by remote, and all who asked were refused`, 'a refusal has no effect'),
    );
}
