import type { ByteLink } from '../../contract/link.ts';
import { type Clock, within } from '../../contract/world.ts';
import type { ReaderCore } from '../../simulators/lock/reader.ts';
import { blocks, checked, commands, decoded, everybody, naks, type Packet, packetReader, replies, unsealed } from './frame.ts';
import { marked } from './line.ts';
import { answerKindOf, kindOf, nak, perform, type Reply, unique } from './twin-commands.ts';
import {
  type Chain,
  decrypted,
  encrypted,
  firstMac,
  macOf,
  panelCryptogram,
  readerCryptogram,
  same,
  type SessionKeys,
  sessionKeys,
} from './secure.ts';

/** What is written must be taken within this, ms. */
const writeMs = 2_000;
interface Channel {
  readonly keys: SessionKeys;
  readonly chain: Chain;
  readonly life: number;
}
type Pending = { readonly keys: SessionKeys; readonly cryptogram: Uint8Array; readonly life: number } | null;
/** A reader in the middle of its talk with a panel. */
interface Talk {
  readonly core: ReaderCore;
  address: number;
  readonly bytes: (count: number) => Uint8Array;
  channel: Channel | null;
  pending: Pending;
  /** The newest number, what was answered to it, and the channel before that; none after number 0. */
  last: { readonly number: number; readonly bytes: Uint8Array; readonly before: Channel | null } | null;
}
/** What is answered, and the MAC of the command where it was sealed. */
interface Answered {
  readonly reply: Reply;
  readonly mac: Uint8Array | null;
}

function doneBy(talk: Talk, code: number, data: Uint8Array, isInSession: boolean): Reply {
  const { core, address } = talk;
  const place = { core, address, isInSession };
  const reply = perform(place, code, data);
  talk.address = place.address;
  return reply;
}

/** A reply as it goes on the line; sealed where the command was. */
function packed(talk: Talk, asked: Packet, { reply: { code, data, block }, mac }: Answered): Uint8Array {
  const head = { address: asked.address, isReply: true, sequence: asked.sequence, check: asked.check, code } as const;
  const { channel } = talk;
  const what = answerKindOf(code);
  if (!channel || !mac || block || !talk.core.seals(what))
    return checked(unsealed({ ...head, block: block ?? null, data }), null, asked.check);
  const isHidden = data.length > 0 && talk.core.hides(data.length, what);
  const type = isHidden ? blocks.replySealed : blocks.reply;
  const hidden = isHidden ? encrypted(channel.keys, mac, data) : data;
  const text = unsealed({ ...head, block: { type, data: new Uint8Array() }, data: hidden });
  const own = macOf(channel.keys, mac, text);
  talk.channel = { ...channel, chain: { command: mac, reply: own } };
  return checked(text, own, asked.check);
}

function challenge(talk: Talk, { block, data }: Packet): Reply {
  const [base] = talk.core.keys(block?.data[0] === 0);
  if (data.length !== 8 || block?.type !== blocks.challenge) return nak(naks.length);
  if (!base) return nak(naks.conditions);
  talk.channel = null;
  const readerRandom = talk.core.random(talk.bytes(8));
  const keys = sessionKeys(base, data);
  talk.pending = { keys, cryptogram: panelCryptogram(keys, data, readerRandom), life: talk.core.lives() };
  const proof = readerCryptogram(keys, data, readerRandom);
  return {
    code: replies.cryptogram,
    data: Buffer.concat([unique, readerRandom, proof]),
    block: { type: blocks.cryptogram, data: block.data },
  };
}

/** What stands in a memory in which no session was begun. */
const zeros = new Uint8Array(16);
const noKeys: SessionKeys = { encryption: zeros, mac1: zeros, mac2: zeros };
const unbegun = { keys: noKeys, cryptogram: panelCryptogram(noKeys, zeros.subarray(8), zeros.subarray(8)) };

function prove(talk: Talk, { data }: Packet): Reply {
  const met = talk.pending ?? (talk.core.looksUnasked() ? { ...unbegun, life: talk.core.lives() } : null);
  if (talk.core.forgetsChallenge('proof')) talk.pending = null;
  if (!met || met.life !== talk.core.lives() || !talk.core.isProven(same(data, met.cryptogram))) return nak(naks.conditions);
  const mac = firstMac(met.keys, data);
  talk.channel = { keys: met.keys, chain: { command: mac, reply: mac }, life: met.life };
  return { code: replies.firstMac, data: mac, block: { type: blocks.firstMac, data: Uint8Array.of(1) } };
}

/** A sealed command: opened and done, or refused. */
function sealed(talk: Talk, asked: Packet, text: Uint8Array): Answered {
  const { core } = talk;
  if (!talk.channel || talk.channel.life !== core.lives()) {
    talk.channel = null;
    return { reply: nak(naks.conditions), mac: null };
  }
  const { keys, chain } = talk.channel;
  const mac = macOf(keys, chain.reply, text);
  const isRight = asked.mac !== null && same(mac.subarray(0, asked.mac.length), asked.mac);
  // Until the first command both ends of the chain are one.
  const isFirst = same(chain.command, chain.reply);
  if (!core.takesSeal(isRight, asked.mac?.[0] === mac[0], isFirst)) {
    if (!core.forgives()) talk.channel = null;
    return { reply: nak(naks.conditions), mac: null };
  }
  const data = asked.block?.type === blocks.commandSealed ? decrypted(keys, chain.reply, asked.data) : asked.data;
  return { reply: data ? doneBy(talk, asked.code, data, true) : nak(naks.length), mac };
}

function answer(talk: Talk, asked: Packet, text: Uint8Array): Answered {
  if (asked.mac) return sealed(talk, asked, text);
  const { core } = talk;
  const kind = kindOf(asked.code);
  const isUnderBlock = asked.block !== null;
  // Between a panel and a reader that have a secure channel, nothing in clear is taken but the beginning of another.
  const isBeginning = kind === 'handshake' || kind === 'public';
  const reply = ((): Reply => {
    if (!core.mayInClear(kind, isUnderBlock)) return nak(naks.conditions);
    if (talk.channel && !isBeginning && !core.mayInClear('other', isUnderBlock)) return nak(naks.conditions);
    if (asked.code === commands.challenge) return challenge(talk, asked);
    return asked.code === commands.serverCryptogram ? prove(talk, asked) : doneBy(talk, asked.code, asked.data, false);
  })();
  return { reply, mac: null };
}

/** What is said to a packet; null: nothing. */
function heardBy(talk: Talk, whole: Uint8Array): Uint8Array | null {
  const { core, address } = talk;
  const guessed = mended(whole);
  const isHeard = guessed !== null && core.takesCheck(false, whole.length, guessed.packet.mac !== null);
  const heard = decoded(whole) ?? (isHeard ? guessed : null);
  if (!heard || heard.packet.isReply || (heard.packet.address !== everybody && !core.isMeant(heard.packet.address, address)))
    return null;
  const { packet, text } = heard;
  if (packet.check === 'crc' && !core.knowsCrc()) return null;
  const { last } = talk;
  if (packet.sequence === 0) {
    Object.assign(talk, { channel: null, last: null });
    if (core.forgetsChallenge('beginning')) talk.pending = null;
  } else if (last?.number === packet.sequence && core.repeats(packet.sequence)) {
    if (packet.code !== commands.poll || core.repeatsPoll()) return last.bytes;
    talk.channel = last.before;
  } else if (
    last &&
    last.number !== packet.sequence &&
    !core.takesNumber(last.number === 3 ? 1 : last.number + 1, packet.sequence)
  )
    return packed(talk, packet, { reply: nak(naks.sequence), mac: null });
  const before = talk.channel;
  const said = packed(talk, packet, answer(talk, packet, text));
  talk.last = { number: packet.sequence, bytes: said, before };
  return said;
}

/**
 * A reader's end of OSDP over the simulated lock: packets and ciphers; what is let in and done is decided by the core. Returns
 * the way to put it on a line; the newest line is the one that is spoken on.
 */
export function readerFace(
  core: ReaderCore,
  address: number,
  clock: Clock,
  bytes: (count: number) => Uint8Array,
): (link: ByteLink) => void {
  const talk: Talk = { core, address, bytes, channel: null, pending: null, last: null };
  let current: ByteLink | null = null;
  const say = async (whole: Uint8Array): Promise<void> => {
    const link = current;
    if (link && core.awake()) await within(clock, writeMs, (signal) => link.write(marked(whole), signal));
  };
  return (link) => {
    current = link;
    const reader = packetReader();
    let isDeaf = false;
    let sinceMs = clock.nowMs();
    link.listen(
      (piece) => {
        // Silence ends what was begun, clause 5.8.
        if (clock.nowMs() - sinceMs > pauseMs) reader.pause();
        sinceMs = clock.nowMs();
        for (const whole of reader.read(piece)) {
          if (!decoded(whole)) isDeaf ||= !core.hears();
          const said = core.awake() && !isDeaf ? heardBy(talk, whole) : null;
          if (said) void say(said);
        }
      },
      () => {
        if (current === link) current = null;
      },
    );
  };
}

/** Longest silence within a packet, clause 5.8. */
const pauseMs = 20;

/** A packet whose check is wrong, as if it were right. */
function mended(whole: Uint8Array): ReturnType<typeof decoded> {
  const control = whole[4] ?? 0;
  const check = control & 0x04 ? 'crc' : 'checksum';
  return decoded(checked(whole.subarray(0, whole.length - (check === 'crc' ? 2 : 1)), null, check));
}
