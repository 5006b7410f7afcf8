import type { ByteLink } from '../../contract/link.ts';
import { type Clock, within } from '../../contract/world.ts';
import type { ReaderCommand } from '../../simulators/lock/reader-points.ts';
import type { ReaderCore } from '../../simulators/lock/reader.ts';
import { blocks, checked, commands, decoded, everybody, naks, type Packet, packetReader, replies, unsealed } from './frame.ts';
import { marked } from './line.ts';
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
/** Vendor 00-00-5E (of the IANA, for documentation), model 1, version 1, a serial number, firmware 1.0.0. */
const identity = Uint8Array.of(0x00, 0x00, 0x5e, 1, 1, 0x78, 0x56, 0x34, 0x12, 1, 0, 0);
/** The unique number of a reader in a handshake: the first eight bytes of its identity, annex D. */
const unique = identity.subarray(0, 8);
const checks = 8;
/** Capabilities, clause 7.5: inputs, outputs, card data, LED, buzzer, text, CRC, AES-128, 1440 bytes received, one reader, OSDP 2.2. */
const capabilities: readonly (readonly [code: number, compliance: number, items: number])[] = [
  [1, 1, 1],
  [2, 1, 1],
  [3, 1, 1],
  [4, 1, 1],
  [5, 1, 1],
  [6, 1, 1],
  [checks, 1, 0],
  [9, 1, 0],
  [10, 0xa0, 5],
  [13, 0, 1],
  [16, 2, 0],
];

interface Channel {
  readonly keys: SessionKeys;
  readonly chain: Chain;
  readonly life: number;
}
type Pending = { readonly keys: SessionKeys; readonly cryptogram: Uint8Array; readonly life: number } | null;
/** What is answered: a reply, or why not. */
type Reply = { readonly code: number; readonly data: Uint8Array; readonly block?: { type: number; data: Uint8Array } };

const nak = (why: number): Reply => ({ code: replies.nak, data: Uint8Array.of(why) });
const ack: Reply = { code: replies.ack, data: new Uint8Array() };

const open: readonly number[] = [commands.id, commands.capabilities, commands.comset];
const kindOf = (code: number): ReaderCommand => {
  if (open.includes(code)) return 'public';
  if (code === commands.challenge || code === commands.serverCryptogram) return 'handshake';
  return code === commands.keyset ? 'key' : 'other';
};
/** How many bytes of data each command has; those that are not here are unknown to this reader. */
const lengths: Readonly<Record<number, number>> = {
  [commands.poll]: 0,
  [commands.id]: 1,
  [commands.capabilities]: 1,
  [commands.localStatus]: 0,
  [commands.inputStatus]: 0,
  [commands.outputStatus]: 0,
  [commands.output]: 4,
  [commands.led]: 14,
  [commands.buzzer]: 5,
  [commands.keyset]: 18,
};
/** TEXT, clause 6.12: six bytes, the last of which tells how many characters follow. */
const textHead = 6;
const isOfLength = (code: number, data: Uint8Array): boolean =>
  code === commands.text ? data.length === textHead + (data[textHead - 1] ?? 0) : data.length === lengths[code];

/** What the reader says of itself. */
const told = (core: ReaderCore): Uint8Array =>
  Uint8Array.from(
    capabilities.flatMap(([code, compliance, items]) => [code, code === checks && !core.knowsCrc() ? 0 : compliance, items]),
  );

/** Does a command that may be done. */
function perform(core: ReaderCore, code: number, data: Uint8Array): Reply {
  if (lengths[code] === undefined && code !== commands.text) return nak(naks.unknown);
  if (!isOfLength(code, data)) return nak(naks.length);
  switch (code) {
    case commands.poll: {
      const kept = core.give();
      if (!kept) return ack;
      const { kind, digits } = kept;
      if (kind === 'keys')
        return { code: replies.keypad, data: Uint8Array.of(0, digits.length, ...Buffer.from(digits, 'ascii')) };
      // Clause 7.10: format 0, unspecified; how many bits; the first bit of the card is the highest of the first byte.
      const bits = 4 * digits.length;
      return {
        code: replies.raw,
        data: Uint8Array.of(
          0,
          0,
          bits & 0xff,
          bits >> 8,
          ...Buffer.from(digits.padEnd(digits.length + (digits.length % 2), '0'), 'hex'),
        ),
      };
    }
    case commands.id:
      return { code: replies.id, data: identity };
    case commands.capabilities:
      return { code: replies.capabilities, data: told(core) };
    case commands.localStatus:
      return { code: replies.localStatus, data: Uint8Array.of(0, 0) };
    case commands.inputStatus:
      return { code: replies.inputStatus, data: Uint8Array.of(0) };
    case commands.outputStatus:
      return { code: replies.outputStatus, data: Uint8Array.of(core.isReleased() ? 1 : 0) };
    case commands.output: {
      const [number, control] = data;
      if (number !== 0) return nak(naks.record);
      if (control === 1 || control === 2) core.release(control === 2);
      return { code: replies.outputStatus, data: Uint8Array.of(core.isReleased() ? 1 : 0) };
    }
    case commands.keyset:
      if (data[0] !== 1 || data[1] !== 16) return nak(naks.record);
      core.setKey(data.slice(2));
      return ack;
    default:
      return ack;
  }
}

/** A reader in the middle of its talk with a panel. */
interface Talk {
  readonly core: ReaderCore;
  readonly address: number;
  readonly bytes: (count: number) => Uint8Array;
  channel: Channel | null;
  pending: Pending;
  /** The newest number, and what was answered to it; none after number 0. */
  last: { readonly number: number; readonly bytes: Uint8Array } | null;
}
/** What is answered, and the MAC of the command where it was sealed. */
interface Answered {
  readonly reply: Reply;
  readonly mac: Uint8Array | null;
}

/** A reply as it goes on the line; sealed where the command was. */
function packed(talk: Talk, asked: Packet, { reply: { code, data, block }, mac }: Answered): Uint8Array {
  const head = { address: asked.address, isReply: true, sequence: asked.sequence, check: asked.check, code } as const;
  const { channel } = talk;
  if (!channel || !mac || block) return checked(unsealed({ ...head, block: block ?? null, data }), null, asked.check);
  const isHidden = data.length > 0 && talk.core.hides(data.length);
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

function prove(talk: Talk, { data }: Packet): Reply {
  const met = talk.pending;
  talk.pending = null;
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
  if (!core.takesSeal(asked.mac !== null && same(mac.subarray(0, asked.mac.length), asked.mac))) {
    if (!core.forgives()) talk.channel = null;
    return { reply: nak(naks.conditions), mac: null };
  }
  const data = asked.block?.type === blocks.commandSealed ? decrypted(keys, chain.reply, asked.data) : asked.data;
  return { reply: data ? perform(core, asked.code, data) : nak(naks.length), mac };
}

function answer(talk: Talk, asked: Packet, text: Uint8Array): Answered {
  if (asked.mac) return sealed(talk, asked, text);
  const { core } = talk;
  const kind = kindOf(asked.code);
  // Between a panel and a reader that have a secure channel, nothing in clear is taken but the beginning of another.
  const isBeginning = kind === 'handshake' || kind === 'public';
  const reply = ((): Reply => {
    if (!core.mayInClear(kind) || (talk.channel && !isBeginning && !core.mayInClear('other'))) return nak(naks.conditions);
    if (asked.code === commands.challenge) return challenge(talk, asked);
    return asked.code === commands.serverCryptogram ? prove(talk, asked) : perform(core, asked.code, asked.data);
  })();
  return { reply, mac: null };
}

/** What is said to a packet; null: nothing. */
function heardBy(talk: Talk, whole: Uint8Array): Uint8Array | null {
  const { core, address } = talk;
  const heard = decoded(whole) ?? (core.takesCheck(false) ? mended(whole) : null);
  if (!heard || heard.packet.isReply || (heard.packet.address !== everybody && !core.isMeant(heard.packet.address, address)))
    return null;
  const { packet, text } = heard;
  if (packet.check === 'crc' && !core.knowsCrc()) return null;
  const { last } = talk;
  if (packet.sequence === 0) Object.assign(talk, { channel: null, pending: null, last: null });
  else if (last?.number === packet.sequence && core.repeats(packet.sequence)) return last.bytes;
  else if (last && last.number !== packet.sequence && packet.sequence !== (last.number === 3 ? 1 : last.number + 1))
    return packed(talk, packet, { reply: nak(naks.sequence), mac: null });
  const said = packed(talk, packet, answer(talk, packet, text));
  talk.last = { number: packet.sequence, bytes: said };
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
