import { AbortedError, ControllerBehavior, Crypto, DiscoveryAggregateError, DiscoveryError, Environment } from '@matter/main';
import { ImplementationError, Millis, ServerNode, UnexpectedDataError } from '@matter/main';
import type { ClientNode } from '@matter/main';
import { AdministratorCommissioning } from '@matter/main/clusters/administrator-commissioning';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { Invoke, PaseClient, PeerAddress, PeerUnresponsiveError, Read, SessionManager, Write } from '@matter/main/protocol';
import type { ClientInteraction } from '@matter/main/protocol';
import { AttributeId, ClusterId, EndpointNumber, ManualPairingCodeCodec, QrPairingCodeCodec } from '@matter/main/types';
import { Status, StatusResponseError } from '@matter/main/types';
import type { ClusterAsk, ClusterReply, HttpTrouble, JoinTrouble } from '../../contract/link.ts';

/** What lets us into a node, and the mark by which it is found: four bits of it are in the digits on a label, twelve in a QR code. */
export type SetupCode = { readonly passcode: number } & (
  | { readonly longDiscriminator: number }
  | { readonly shortDiscriminator: number }
);

/** A code as it is printed; null where it is none. Without the mark every open node of the house would be tried. */
export function setupCode(text: string): SetupCode | null {
  try {
    if (!text.startsWith('MT:')) {
      const { passcode, shortDiscriminator } = ManualPairingCodeCodec.decode(text);
      return shortDiscriminator === undefined ? null : { passcode, shortDiscriminator };
    }
    const [one] = QrPairingCodeCodec.decode(text);
    return one ? { passcode: one.passcode, longDiscriminator: one.discriminator } : null;
  } catch {
    return null;
  }
}

/** An administrator of one node: a fabric of ours, kept in a folder, and the node in it. */
export interface Fabric {
  /** Whether the node is in it, from now or from an earlier run that could not take leave. */
  isMember(): boolean;
  /** Takes the node in, which is looked for for at most `limitMs`. Null: it is in. */
  commission(code: SetupCode, limitMs: number): Promise<JoinTrouble | null>;
  ask(asked: ClusterAsk, signal: AbortSignal): Promise<ClusterReply | HttpTrouble>;
  /** Lets another administrator in for three minutes; null where the node refuses. */
  openWindow(signal: AbortSignal): Promise<SetupCode | null>;
  /** The node forgets this fabric. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** All that the library says goes nowhere: it may hold codes. `folder` holds the keys of our fabrics. */
export function prepare(folder: string): void {
  Environment.default.vars.set('storage.path', folder);
  Environment.default.vars.set('log.level', 'fatal');
}

/** How long another one is let in, s; three minutes (Core 11.19.8.1). */
const windowSeconds = 180;
const iterations = 1_000;
/** The endpoint of what is of the node itself. */
const rootEndpoint = 0;

const troubleOf = (error: unknown): ClusterReply | HttpTrouble => {
  if (error instanceof StatusResponseError)
    return { kind: 'status', status: error.code, clusterStatus: error.clusterCode ?? null };
  // The library refused to send it: fields that no node may be given.
  if (error instanceof ImplementationError) return { kind: 'status', status: 0x85, clusterStatus: null };
  const isLate = error instanceof AbortedError || error instanceof PeerUnresponsiveError;
  return { kind: 'trouble', trouble: isLate ? 'late' : 'cut', unsent: false };
};

/** A code that is not the node's shows in its proof of the keys (Core 4.14.1): the library takes that for data it did not expect. */
function joinTroubleOf(error: unknown): JoinTrouble {
  if (error instanceof DiscoveryAggregateError)
    return error.errors.some((one) => one instanceof UnexpectedDataError) ? 'refused' : 'silent';
  if (!(error instanceof DiscoveryError)) return 'broken-off';
  // The library has one kind for both: nobody was found, or whoever was found said nothing until time was up.
  return error.message.includes('No commissionable device') ? 'unseen' : 'silent';
}

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
  for await (const chunk of interaction.read(request, { abort }))
    for await (const one of chunk) {
      if (one.kind === 'attr-value')
        seen.push({
          endpoint: one.path.endpointId,
          cluster: one.path.clusterId,
          attribute: one.path.attributeId,
          value: one.value,
        });
      if (one.kind === 'event-value')
        seen.push({
          event: one.path.eventId,
          number: one.number,
          epochMs: one.epochTimestamp,
          priority: one.priority,
          value: one.value,
        });
    }
  return { kind: 'reply' as const, value: seen };
}

/** Lets another administrator in, by a passcode of this moment (Core 11.19.8.1). */
async function windowFor(node: ServerNode, interaction: ClientInteraction, abort: AbortSignal): Promise<SetupCode | null> {
  const crypto = node.env.get(Crypto);
  const passcode = PaseClient.generateRandomPasscode(crypto);
  const discriminator = PaseClient.generateRandomDiscriminator(crypto);
  const salt = crypto.randomBytes(32);
  const pakePasscodeVerifier = await PaseClient.generatePakePasscodeVerifier(crypto, passcode, { iterations, salt });
  const request = Invoke({
    commands: [
      Invoke.ConcreteCommandRequest({
        endpoint: EndpointNumber(0),
        cluster: AdministratorCommissioning,
        command: 'openCommissioningWindow',
        fields: { commissioningTimeout: windowSeconds, pakePasscodeVerifier, discriminator, iterations, salt },
      }),
    ],
  });
  for await (const chunk of interaction.invoke(request, { abort }))
    for (const entry of chunk) if (entry.kind === 'cmd-status' && entry.status !== Status.Success) return null;
  return { passcode, longDiscriminator: discriminator };
}

/** The library takes leave by what it has read: of a node that a killed run was let in by, it has nothing. */
async function readWhole(interaction: ClientInteraction): Promise<void> {
  for await (const chunk of interaction.read(Read({ fabricFilter: true, attributes: [{}] }))) for await (const _ of chunk);
}

/** Opens the fabric of that name; `prepare` comes first. */
export async function openFabric(name: string): Promise<Fabric> {
  const node = await ServerNode.create(ServerNode.RootEndpoint.with(ControllerBehavior), {
    id: name,
    network: { port: 0 },
    commissioning: { enabled: false },
    controller: { adminFabricLabel: 'lockproof' },
  });
  await node.start();
  const known = (): ClientNode | undefined => [...node.peers].find((one) => one.lifecycle.isCommissioned);
  const peer = (): ClientNode => {
    const one = known();
    if (!one) throw new Error('the lock has not been commissioned');
    return one;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a client node's interaction is a client interaction
  const interaction = (): ClientInteraction => peer().interaction as ClientInteraction;
  const address = (): PeerAddress => {
    const one = peer().state.commissioning.peerAddress;
    if (!one) throw new Error('the lock has not been commissioned');
    return PeerAddress(one);
  };
  /** The library reads the whole node when it is let in, and keeps that for later only when it is closed in order. */
  let isRead = false;
  /**
   * A session on which no answer came is given up: the lock may have forgotten it with its power, and what was asked on it must
   * not be repeated by the library after we have said that it is lost.
   */
  const lose = (): Promise<void> => node.env.get(SessionManager).handlePeerShutdown(address());
  return {
    isMember: () => known() !== undefined,
    async commission(code, limitMs) {
      try {
        // What the lock is and did is asked for when it is wanted: what it would tell unasked, after each command, nobody reads.
        await node.peers.commission({ ...code, timeout: Millis(limitMs), autoSubscribe: false });
        isRead = true;
        return null;
      } catch (error) {
        return joinTroubleOf(error);
      }
    },
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
    openWindow: (abort) => windowFor(node, interaction(), abort),
    leave: async () => {
      // Over a session of now: the node may have forgotten the old one.
      const one = known();
      if (!one) return;
      await lose();
      if (!isRead) await readWhole(interaction());
      await one.decommission();
    },
    close: () => node.close(),
  };
}
