import type { EventView } from '../../contract/event.ts';
import type { PhysicalAct } from '../../oracle/acts.ts';
import { callsOf, type History } from '../../oracle/history.ts';

/** What an event gets wrong about its act, in one sentence; null when it is right. Nothing said is wrong too. */
export function misattributed(past: History, act: PhysicalAct, event: EventView): string | null {
  if (event.method !== act.method) return `${act.verb} by ${act.method} was told as by ${event.method ?? 'nobody'}`;
  if (act.method === 'pin' && act.verb !== 'lock.denied') {
    if (act.grant === null || act.grant.startsWith('hand')) return null;
    const grant = past.grantIds.get(act.grant);
    if (grant !== undefined && event.grant !== grant)
      return `the opening by ${act.grant} was told as by ${name(past, event.grant)}`;
    const user = ownerId(past, act.grant);
    if (user !== null && event.user !== user) return `the opening by ${act.grant} was credited to ${name(past, event.user)}`;
    return null;
  }
  // Whose code it was that may not open now may be told.
  if (act.verb === 'lock.denied') return null;
  if (event.grant !== null || event.user !== null)
    return `${act.verb} by ${act.method} was credited to ${name(past, event.grant ?? event.user)}`;
  return null;
}

const name = (past: History, id: string | null): string => (id === null ? 'nobody' : (past.nameOf.get(id) ?? 'somebody else'));

function ownerId(past: History, grant: string): string | null {
  const create = callsOf(past, 'createGrant').find((call) => call.command.grant === grant && call.answer?.kind === 'ok');
  return create?.command.user ? (past.userIds.get(create.command.user) ?? null) : null;
}
