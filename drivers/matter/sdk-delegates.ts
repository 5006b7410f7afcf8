import { Crypto, type ServerNode } from '@matter/main';
import { AccessControl } from '@matter/main/clusters/access-control';
import { type Fabric, FabricAuthority, FabricBuilder, FabricManager, PeerAddress, Write } from '@matter/main/protocol';
import { EndpointNumber, FabricIndex, NodeId, Status, StatusResponseError } from '@matter/main/types';
import type { Privilege } from './privileges.ts';
import { rootEndpoint, type Speaker, speaker, started } from './sdk-speaker.ts';

/**
 * Nodes of a fabric beside its administrator: its own authority certifies them, and the lock is told what each may do (Core
 * 9.10). They are new with each run and nothing of them has to be kept: with the fabric the lock forgets the list, too.
 */

/** Who is let in, under which name, and what he may do. */
export interface Delegate {
  readonly name: string;
  readonly privilege: Privilege;
}

const entryPrivileges = {
  view: AccessControl.AccessControlEntryPrivilege.View,
  operate: AccessControl.AccessControlEntryPrivilege.Operate,
  manage: AccessControl.AccessControlEntryPrivilege.Manage,
  administer: AccessControl.AccessControlEntryPrivilege.Administer,
} as const;

/** The same fabric as another node has it, with a key of its own. */
async function certified(owner: ServerNode, fabric: Fabric): Promise<Fabric> {
  const crypto = owner.env.get(Crypto);
  const builder = await FabricBuilder.create(crypto);
  builder.initializeFromFabricForUpdate(fabric);
  // Not there yet where the fabric is one of an earlier run.
  const { ca } = await owner.env.load(FabricAuthority);
  const noc = await ca.generateNoc(builder.publicKey, fabric.fabricId, NodeId.randomOperationalNodeId(crypto));
  await builder.setOperationalCert(noc, ca.icacCert);
  return builder.build(fabric.fabricIndex);
}

/** Starts the node. Its number is in its name: what a run that was killed left in the folder is not taken up again. */
async function begun(name: string, fabric: Fabric, lock: NodeId): Promise<Speaker> {
  const node = await started(`${name}-${fabric.nodeId.toString(16)}`);
  node.env.get(FabricManager).addFabric(fabric);
  const peer = await node.peers.forAddress(PeerAddress({ fabricIndex: fabric.fabricIndex, nodeId: lock }));
  return speaker(node, () => peer);
}

/**
 * Lets them in beside the fabric's administrator, who stays it. Null where the lock does not take the list. What was in it
 * before can only be ours: a lock shows and changes the entries of the asking fabric alone.
 */
export async function letIn(
  owner: ServerNode,
  { interaction }: Speaker,
  lock: PeerAddress,
  delegates: readonly Delegate[],
  abort: AbortSignal,
): Promise<ReadonlyMap<string, Speaker> | null> {
  const fabric = owner.env.get(FabricManager).for(lock);
  const others = await Promise.all(delegates.map(async (one) => ({ ...one, fabric: await certified(owner, fabric) })));
  const value = [{ privilege: 'administer' as const, fabric }, ...others].map(({ privilege, fabric: { nodeId } }) => ({
    privilege: entryPrivileges[privilege],
    authMode: AccessControl.AccessControlEntryAuthMode.Case,
    subjects: [nodeId],
    targets: null,
    fabricIndex: FabricIndex.OMIT_FABRIC,
  }));
  const list = Write.Attribute({ endpoint: EndpointNumber(rootEndpoint), cluster: AccessControl, attributes: 'acl', value });
  const written = await interaction()
    .write(Write(list), { abort })
    .catch((error: unknown) => (error instanceof StatusResponseError ? [{ status: error.code }] : Promise.reject(error)));
  if (written?.some(({ status }) => status !== Status.Success)) return null;
  const begin = others.map(async (one) => [one.name, await begun(one.name, one.fabric, lock.nodeId)] as const);
  return new Map(await Promise.all(begin));
}
