import type { ClusterAsk } from '../../contract/link.ts';
import type { Decide } from '../../simulators/decisions.ts';
import type { Scope } from '../../simulators/platform/records.ts';
import { scopes } from '../../simulators/platform/records.ts';
import { type Privilege, privileges } from './privileges.ts';

/** Who may ask what of the simulated lock, by the access that each command and attribute has in the cluster's tables (5.2.9, 5.2.10). */

const operations: ReadonlySet<string> = new Set(['lockDoor', 'unlockDoor', 'unlockWithTimeout']);

function needed(asked: ClusterAsk): Privilege {
  // Every attribute that is read here, and every event of the cluster, wants View.
  if (asked.do === 'read' || asked.do === 'events') return 'view';
  if (asked.do === 'write') return 'manage';
  return operations.has(asked.command) ? 'operate' : 'administer';
}

/** The same in the words of the simulated world, for who decides otherwise. Grants are not shown to who does not administer. */
const inScopes: Readonly<Record<Privilege, readonly Scope[]>> = {
  view: ['locks:read', 'events:read'],
  operate: ['locks:read', 'events:read', 'locks:operate'],
  manage: ['locks:read', 'events:read', 'locks:operate', 'locks:write'],
  administer: scopes,
};

/** Whether a node that was let in with that privilege may ask that. */
export function mayAsk(decide: Decide, asked: ClusterAsk, fabric: number, privilege: Privilege): boolean {
  const needs = needed(asked);
  const isEnough = privileges.indexOf(privilege) >= privileges.indexOf(needs);
  const id = `fabric-${fabric}`;
  const integration = { id, account: id, name: id, client: id, secret: '', scopes: inScopes[privilege], removedMs: null };
  const route = asked.do === 'invoke' ? asked.command : asked.do;
  const given = { route, integration, scopes: inScopes[privilege], needs: inScopes[needs] };
  return decide('authorise', given, isEnough ? 'allow' : 'forbid') === 'allow';
}
