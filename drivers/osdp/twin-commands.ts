import type { ReaderAnswer, ReaderCommand } from '../../simulators/lock/reader-points.ts';
import type { ReaderCore } from '../../simulators/lock/reader.ts';
import { commands, everybody, naks, replies } from './frame.ts';

/** The commands of a simulated reader: what they mean for its core, and what is answered. */

/** Vendor 00-00-5E (of the IANA, for documentation), model 1, version 1, a serial number, firmware 1.0.0. */
const identity = Uint8Array.of(0x00, 0x00, 0x5e, 1, 1, 0x78, 0x56, 0x34, 0x12, 1, 0, 0);
/** The unique number of a reader in a handshake: the first eight bytes of its identity, annex D. */
export const unique = identity.subarray(0, 8);
const checks = 8;
const channels = 9;
/** Capabilities, clause 7.5: inputs, outputs (3: also for a time), card data, LED, buzzer, text, CRC, AES-128, 1440 bytes received, one reader, OSDP 2.2. */
const capabilities: readonly (readonly [code: number, compliance: number, items: number])[] = [
  [1, 1, 1],
  [2, 3, 1],
  [3, 1, 1],
  [4, 1, 1],
  [5, 1, 1],
  [6, 1, 1],
  [checks, 1, 0],
  [channels, 1, 0],
  [10, 0xa0, 5],
  [13, 0, 1],
  [16, 2, 0],
];

/** What is answered: a reply, or why not. */
export type Reply = { readonly code: number; readonly data: Uint8Array; readonly block?: { type: number; data: Uint8Array } };

export const nak = (why: number): Reply => ({ code: replies.nak, data: Uint8Array.of(why) });
const ack: Reply = { code: replies.ack, data: new Uint8Array() };

const signals = new Map<number, 'light' | 'sound' | 'text'>([
  [commands.led, 'light'],
  [commands.buzzer, 'sound'],
  [commands.text, 'text'],
]);
const open: readonly number[] = [commands.id, commands.capabilities];
export const kindOf = (code: number): ReaderCommand => {
  if (open.includes(code)) return 'public';
  if (code === commands.challenge || code === commands.serverCryptogram) return 'handshake';
  if (signals.has(code)) return 'signal';
  return code === commands.keyset ? 'key' : 'other';
};
const answers = new Map<number, ReaderAnswer>([
  [replies.raw, 'card'],
  [replies.capabilities, 'abilities'],
  [replies.com, 'settings'],
  [replies.nak, 'refusal'],
]);
export const answerKindOf = (code: number): ReaderAnswer => answers.get(code) ?? 'other';
/** Times of OUT, clause 6.9. */
const tenthMs = 100;
/** KEYSET, clause 6.16, table 29: type and length of the key. */
const keysetHead = 2;
const keyBytes = 16;
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
  [commands.comset]: 5,
  [commands.keyset]: keysetHead + keyBytes,
};
/** TEXT, clause 6.12: six bytes, the last of which tells how many characters follow. */
const textHead = 6;
const isOfLength = (code: number, data: Uint8Array): boolean =>
  code === commands.text ? data.length === textHead + (data[textHead - 1] ?? 0) : data.length === lengths[code];

/** Where a command is done. */
export interface Place {
  readonly core: ReaderCore;
  /** Whether it came in a secure channel. */
  readonly isInSession: boolean;
  /** The reader's own address on its line. */
  address: number;
}

/** What the reader says of itself. */
const told = ({ core, isInSession }: Place): Uint8Array =>
  Uint8Array.from(
    capabilities.flatMap(([code, level, items]) => {
      if (code === channels && !core.tellsOfChannel(isInSession)) return [];
      return [code, code === checks && !core.knowsCrc() ? 0 : level, items];
    }),
  );

/** Clauses 6.13, 7.13: the answer goes by the old settings and tells the new ones. */
function moved(place: Place, data: Uint8Array): Reply {
  const [to = everybody] = data;
  if (to >= everybody) return nak(naks.record);
  if (place.core.moves(place.address, to)) place.address = to;
  return { code: replies.com, data };
}

/** KEYSET, clause 6.16. */
function keyed(core: ReaderCore, data: Uint8Array): Reply {
  const [type, length = 0] = data;
  if (data.length !== length + keysetHead) return nak(naks.length);
  if (type !== 1) return nak(naks.record);
  if (!core.takesLength(length, keyBytes)) return nak(naks.length);
  const key = new Uint8Array(keyBytes);
  key.set(data.subarray(keysetHead, keysetHead + keyBytes));
  core.setKey(key);
  return ack;
}

/** Does a command that may be done. */
export function perform(place: Place, code: number, data: Uint8Array): Reply {
  const { core } = place;
  const signal = signals.get(code);
  if ((lengths[code] === undefined && code !== commands.text) || (signal && !core.signals(signal))) return nak(naks.unknown);
  if (code === commands.keyset) return keyed(core, data);
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
      return { code: replies.capabilities, data: told(place) };
    case commands.localStatus:
      return { code: replies.localStatus, data: Uint8Array.of(0, 0) };
    case commands.inputStatus:
      return { code: replies.inputStatus, data: Uint8Array.of(0) };
    case commands.outputStatus:
      return { code: replies.outputStatus, data: Uint8Array.of(core.isReleased() ? 1 : 0) };
    case commands.output: {
      const [number, control, low = 0, high = 0] = data;
      if (number !== 0) return nak(naks.record);
      if (control === 1 || control === 2) core.release(control === 2);
      if (control === 5) core.pulse((low + high * 256) * tenthMs);
      return { code: replies.outputStatus, data: Uint8Array.of(core.isReleased() ? 1 : 0) };
    }
    case commands.comset:
      return moved(place, data);
    default:
      return ack;
  }
}
