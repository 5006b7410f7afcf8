import { AbortedError, ControllerBehavior, ImplementationError, ServerNode } from '@matter/main';
import type { ClientNode } from '@matter/main';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { Invoke, PeerAddress, PeerUnresponsiveError, Read, SessionManager, Write } from '@matter/main/protocol';
import type { ClientInteraction } from '@matter/main/protocol';
import { AttributeId, ClusterId, EndpointNumber, Status, StatusResponseError } from '@matter/main/types';
import type { ClusterAsk, ClusterReply, HttpTrouble } from '../../contract/link.ts';

/** The endpoint of what is of the node itself. */
export const rootEndpoint = 0;

const troubleOf = (error: unknown): ClusterReply | HttpTrouble => {
  if (error instanceof StatusResponseError)
    return { kind: 'status', status: error.code, clusterStatus: error.clusterCode ?? null };
  // The library refused to send it: fields that no node may be given.
  if (error instanceof ImplementationError) return { kind: 'status', status: 0x85, clusterStatus: null };
  const isLate = error instanceof AbortedError || error instanceof PeerUnresponsiveError;
  return { kind: 'trouble', trouble: isLate ? 'late' : 'cut', unsent: false };
};

async function invoked(interaction: ClientInteraction, asked: Extract<ClusterAsk, { do: 'invoke' }>, abort: AbortSignal) {
  const request = Invoke({
    commands: [
      Invoke.ConcreteCommandRequest({
        endpoint: EndpointNumber(asked.endpoint),
        cluster: DoorLock,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a name that the cluster lacks is thrown by the library and told
        command: asked.command as 'getUser',
        fields: asked.fields,
      }),
    ],
  });
  // At once, and in a message of its own: what is asked at the same moment shall meet at the lock, and not here.
  for await (const chunk of interaction.invoke({ ...request, batchDuration: false }, { abort }))
    for (const entry of chunk) {
      if (entry.kind === 'cmd-response') return { kind: 'reply' as const, value: entry.data };
      if (entry.status !== Status.Success)
        return { kind: 'status' as const, status: entry.status, clusterStatus: entry.clusterStatus ?? null };
    }
  return { kind: 'reply' as const, value: null };
}

async function wrote(interaction: ClientInteraction, asked: Extract<ClusterAsk, { do: 'write' }>, abort: AbortSignal) {
  const request = Write(
    Write.Attribute({
      endpoint: EndpointNumber(asked.endpoint),
      cluster: DoorLock,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a name that the cluster lacks is thrown by the library and told
      attributes: asked.attribute as 'operatingMode',
      value: asked.value,
    }),
  );
  for (const { status, clusterStatus } of (await interaction.write(request, { abort })) ?? [])
    if (status !== Status.Success) return { kind: 'status' as const, status, clusterStatus: clusterStatus ?? null };
  return { kind: 'reply' as const, value: null };
}

async function values(interaction: ClientInteraction, asked: Extract<ClusterAsk, { do: 'read' | 'events' }>, abort: AbortSignal) {
  const request =
    asked.do === 'read'
      ? Read({
          fabricFilter: true,
          attributes: asked.attributes.map((id) => ({
            endpointId: EndpointNumber(asked.endpoint ?? rootEndpoint),
            clusterId: ClusterId(asked.cluster),
            attributeId: AttributeId(id),
          })),
        })
      : Read({
          events: [{ endpointId: EndpointNumber(asked.endpoint), clusterId: DoorLock.id }],
          eventFilters: [{ eventMin: asked.from }],
        });
  const seen: unknown[] = [];
  let denied: Status | null = null;
  for await (const chunk of interaction.read(request, { abort }))
    for await (const one of chunk) {
      if (one.kind === 'attr-value')
        seen.push({
          endpoint: one.path.endpointId,
          cluster: one.path.clusterId,
          attribute: one.path.attributeId,
          value: one.value,
        });
      // An attribute that is not there is left out; one that is not for us is a refusal.
      if (one.kind === 'attr-status' && one.status === Status.UnsupportedAccess) denied = one.status;
      if (one.kind === 'event-value')
        seen.push({
          event: one.path.eventId,
          number: one.number,
          epochMs: one.epochTimestamp,
          priority: one.priority,
          value: one.value,
        });
    }
  return seen.length === 0 && denied !== null
    ? { kind: 'status' as const, status: denied, clusterStatus: null }
    : { kind: 'reply' as const, value: seen };
}

/** A node of ours that runs: what it keeps is under that name. */
export async function started(name: string): Promise<ServerNode> {
  const node = await ServerNode.create(ServerNode.RootEndpoint.with(ControllerBehavior), {
    id: name,
    network: { port: 0 },
    commissioning: { enabled: false },
    controller: { adminFabricLabel: 'lockproof' },
  });
  await node.start();
  return node;
}

/** What a node of ours says to the lock. */
export interface Speaker {
  ask(asked: ClusterAsk, signal: AbortSignal): Promise<ClusterReply | HttpTrouble>;
  close(): Promise<void>;
  interaction(): ClientInteraction;
  /**
   * A session on which no answer came is given up: the lock may have forgotten it with its power, and what was asked on it must
   * not be repeated by the library after we have said that it is lost.
   */
  lose(): Promise<void>;
}

/** Speaks with the lock as that node, once `known` knows it. */
export function speaker(node: ServerNode, known: () => ClientNode | undefined): Speaker {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a client node's interaction is a client interaction
  const interaction = (): ClientInteraction => met(known()).interaction as ClientInteraction;
  const lose = (): Promise<void> => node.env.get(SessionManager).handlePeerShutdown(addressOf(known()));
  return {
    interaction,
    lose,
    async ask(asked, abort) {
      try {
        if (asked.do === 'invoke') return await invoked(interaction(), asked, abort);
        if (asked.do === 'write') return await wrote(interaction(), asked, abort);
        return await values(interaction(), asked, abort);
      } catch (error) {
        if (error instanceof StatusResponseError || error instanceof ImplementationError) return troubleOf(error);
        await lose();
        return abort.aborted ? { kind: 'trouble', trouble: 'late', unsent: false } : troubleOf(error);
      }
    },
    close: () => node.close(),
  };
}

function met(peer: ClientNode | undefined): ClientNode {
  if (!peer) throw new Error('the lock has not been commissioned');
  return peer;
}

/** Where the lock is, in the fabric of that node. */
export function addressOf(peer: ClientNode | undefined): PeerAddress {
  const one = met(peer).state.commissioning.peerAddress;
  if (!one) throw new Error('the lock has not been commissioned');
  return PeerAddress(one);
}
