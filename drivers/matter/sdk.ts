import { Crypto, DiscoveryAggregateError, DiscoveryError, Environment } from '@matter/main';
import { Millis, type ServerNode, UnexpectedDataError } from '@matter/main';
import type { ClientNode } from '@matter/main';
import { AdministratorCommissioning } from '@matter/main/clusters/administrator-commissioning';
import { Invoke, PaseClient, Read } from '@matter/main/protocol';
import type { ClientInteraction } from '@matter/main/protocol';
import { EndpointNumber, ManualPairingCodeCodec, QrPairingCodeCodec, Status } from '@matter/main/types';
import type { JoinTrouble } from '../../contract/link.ts';
import { type Delegate, letIn } from './sdk-delegates.ts';
import { addressOf, rootEndpoint, type Speaker, speaker, started } from './sdk-speaker.ts';

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
export interface Fabric extends Pick<Speaker, 'ask' | 'close'> {
  /** Whether the node is in it, from now or from an earlier run that could not take leave. */
  isMember(): boolean;
  /** Takes the node in, which is looked for for at most `limitMs`. Null: it is in. */
  commission(code: SetupCode, limitMs: number): Promise<JoinTrouble | null>;
  /** Lets another administrator in for three minutes; null where the node refuses. */
  openWindow(signal: AbortSignal): Promise<SetupCode | null>;
  /** Lets other nodes of this fabric in, each with its privilege, by their names; null where the node does not take the list. */
  letIn(delegates: readonly Delegate[], signal: AbortSignal): Promise<ReadonlyMap<string, Pick<Speaker, 'ask' | 'close'>> | null>;
  /** The node forgets this fabric. */
  leave(): Promise<void>;
}

/** All that the library says goes nowhere: it may hold codes. `folder` holds the keys of our fabrics. */
export function prepare(folder: string): void {
  Environment.default.vars.set('storage.path', folder);
  Environment.default.vars.set('log.level', 'fatal');
}

/** How long another one is let in, s; three minutes (Core 11.19.8.1). */
const windowSeconds = 180;
const iterations = 1_000;

/** A code that is not the node's shows in its proof of the keys (Core 4.14.1): the library takes that for data it did not expect. */
function joinTroubleOf(error: unknown): JoinTrouble {
  if (error instanceof DiscoveryAggregateError)
    return error.errors.some((one) => one instanceof UnexpectedDataError) ? 'refused' : 'silent';
  if (!(error instanceof DiscoveryError)) return 'broken-off';
  // The library has one kind for both: nobody was found, or whoever was found said nothing until time was up.
  return error.message.includes('No commissionable device') ? 'unseen' : 'silent';
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
        endpoint: EndpointNumber(rootEndpoint),
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
  const node = await started(name);
  const known = (): ClientNode | undefined => [...node.peers].find((one) => one.lifecycle.isCommissioned);
  const own = speaker(node, known);
  /** The library reads the whole node when it is let in, and keeps that for later only when it is closed in order. */
  let isRead = false;
  return {
    ...own,
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
    openWindow: (abort) => windowFor(node, own.interaction(), abort),
    letIn: (delegates, abort) => letIn(node, own, addressOf(known()), delegates, abort),
    leave: async () => {
      // Over a session of now: the node may have forgotten the old one.
      const one = known();
      if (!one) return;
      await own.lose();
      if (!isRead) await readWhole(own.interaction());
      await one.decommission();
    },
  };
}
