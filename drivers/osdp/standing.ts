import { blocks, checked, decoded, naks, type Packet, replies, unproven, unsealed } from './frame.ts';
import { type Chain, decrypted, encrypted, macOf, same, type SessionKeys } from './secure.ts';

/** A secure channel between panel and reader. */
export interface Channel {
  readonly keys: SessionKeys;
  readonly chain: Chain;
}

/** Where a panel stands with a reader: the number of its next packet, and the secure channel, once there is one. */
export interface Standing {
  readonly sequence: number;
  readonly channel: Channel | null;
}

/** Nothing was said yet: the first packet has number 0. */
export const anew: Standing = { sequence: 0, channel: null };
const after = (sequence: number): number => (sequence === 3 ? 1 : sequence + 1);

/** A command for the line, and its whole MAC, to which the answer is chained. */
export interface Said {
  readonly bytes: Uint8Array;
  readonly mac: Uint8Array | null;
}

/** Where a reader is on its line, and what check it understands. */
export interface Place {
  address: number;
  check: Packet['check'];
}

interface Command extends Readonly<Partial<Place>> {
  readonly address: number;
  readonly code: number;
  readonly data?: Uint8Array;
  /** Of the handshake, or of what is not sealed; else the secure channel says which. */
  readonly block?: { readonly type: number; readonly data: Uint8Array };
}

/** Puts a command into a packet; sealed where there is a secure channel. */
export function commandOf({ sequence, channel }: Standing, command: Command): Said {
  const { address, check = 'crc', code, data = new Uint8Array(), block } = command;
  const head = { address, isReply: false, sequence, check, code } as const;
  if (!channel || block) return { bytes: unproven({ ...head, block: block ?? null, data }), mac: null };
  const { keys, chain } = channel;
  const type = data.length > 0 ? blocks.commandSealed : blocks.command;
  const sealed = data.length > 0 ? encrypted(keys, chain.reply, data) : data;
  const text = unsealed({ ...head, block: { type, data: new Uint8Array() }, data: sealed });
  const mac = macOf(keys, chain.reply, text);
  return { bytes: checked(text, mac, check), mac };
}

/** What came back. `wrong`: not an answer to this command, or not one that can be believed. */
export type Answer =
  | {
      readonly kind: 'good';
      readonly code: number;
      readonly data: Uint8Array;
      /** Of the security block. */
      readonly block: Uint8Array;
      /** In a secure channel: its data were not encrypted. */
      readonly isReadable: boolean;
      readonly next: Standing;
    }
  | {
      readonly kind: 'nak';
      readonly why: number;
      /** Not encrypted, where the reader must have a secure channel to say it. */
      readonly isReadable: boolean;
      /** In clear, to a command that was sealed: the reader is not in the session any more, whatever reason it gives. */
      readonly isClear: boolean;
      readonly next: Standing;
    }
  | { readonly kind: 'busy' }
  /** An answer in clear where a secure channel stands: anybody may have sent it. */
  | { readonly kind: 'in-clear' }
  | { readonly kind: 'wrong' };

const wrong: Answer = { kind: 'wrong' };
/** After these the reader has no secure channel any more, clause 7.3 and annex D. */
const ends: readonly number[] = [naks.noSecurity, naks.conditions];
/** What a reader says in clear also to who has a secure channel: it has not heard what was asked, or has no channel itself. */
const unheard: readonly number[] = [naks.check, naks.sequence, ...ends];

function sealedAnswer(
  standing: Standing & { channel: Channel },
  { mac }: Said,
  heard: NonNullable<ReturnType<typeof decoded>>,
): Answer {
  const { packet, text } = heard;
  const { keys } = standing.channel;
  if (!mac || !packet.mac || !packet.block) return wrong;
  const own = macOf(keys, mac, text);
  if (!same(own.subarray(0, packet.mac.length), packet.mac)) return wrong;
  // The MAC tells that it is the reader's; that it is not encrypted, or under the block of a command, is told of it.
  const isHidden = packet.block.type === blocks.replySealed || packet.block.type === blocks.commandSealed;
  const data = isHidden ? decrypted(keys, mac, packet.data) : packet.data;
  const isReadable = !isHidden && packet.data.length > 0;
  if (!data) return wrong;
  const next: Standing = { sequence: after(standing.sequence), channel: { keys, chain: { command: mac, reply: own } } };
  if (packet.code !== replies.nak) return { kind: 'good', code: packet.code, data, block: packet.block.data, isReadable, next };
  const why = data[0] ?? 0;
  return { kind: 'nak', why, isReadable, isClear: false, next: ends.includes(why) ? { ...next, channel: null } : next };
}

/** What a packet says to a command that was sent from that standing. */
export function answerOf(standing: Standing, said: Said, address: number, bytes: Uint8Array): Answer {
  const heard = decoded(bytes);
  if (!heard?.packet.isReply || heard.packet.address !== address) return wrong;
  const { packet } = heard;
  // A reader that is busy says so in clear, under number 0: the command is still to be done (clause 7.19).
  if (packet.code === replies.busy && !packet.mac) return { kind: 'busy' };
  if (packet.sequence !== standing.sequence) return wrong;
  if (standing.channel && packet.mac) return sealedAnswer({ ...standing, channel: standing.channel }, said, heard);
  // Sealed in a session that the panel is not in: not even its reason can be read.
  if (packet.mac) return wrong;
  const next: Standing = { ...standing, sequence: after(standing.sequence) };
  if (packet.code === replies.nak) {
    const why = packet.data[0] ?? 0;
    const isClear = standing.channel !== null;
    const isReadable = isClear && !unheard.includes(why);
    return { kind: 'nak', why, isReadable, isClear, next: ends.includes(why) ? { ...next, channel: null } : next };
  }
  // Whatever else comes in clear where a secure channel stands, anybody may have sent.
  if (standing.channel) return { kind: 'in-clear' };
  return {
    kind: 'good',
    code: packet.code,
    data: packet.data,
    block: packet.block?.data ?? new Uint8Array(),
    isReadable: false,
    next,
  };
}
