/**
 * Packets of OSDP (SIA OSDP 2.2, clause 5.9; IEC 60839-11-5), as bytes and as values. All numbers of two bytes are sent low
 * byte first. A packet may be preceded by one marking byte.
 */

export const marking = 0xff;
const som = 0x53;
/** Answers carry their address with this bit. */
const replyBit = 0x80;
/** Every device on the line hears this address, clause 5.9, table 1. */
export const everybody = 0x7f;
/** The longest packet, clause 5.6. */
export const maxPacketBytes = 1440;
const headerBytes = 5;
const macBytes = 4;
/** Control byte: the number of the packet, CRC in the place of a checksum, a security block follows. */
const sequenceBits = 0x03;
const crcBit = 0x04;
const blockBit = 0x08;
/** With a security block of these types a packet ends with a MAC. */
const firstWithMac = 0x15;
const lastWithMac = 0x18;
const hasSeal = (block: { readonly type: number } | null): boolean =>
  block !== null && block.type >= firstWithMac && block.type <= lastWithMac;

/** Security blocks, annex D, table D.1: the handshake, and what follows it without and with encrypted data. */
export const blocks = {
  challenge: 0x11,
  cryptogram: 0x12,
  serverCryptogram: 0x13,
  firstMac: 0x14,
  command: 0x15,
  reply: 0x16,
  commandSealed: 0x17,
  replySealed: 0x18,
} as const;

/** Of the types of table D.1 none. */
const unknownBlock = 0x19;
/**
 * In clear, in all its forms: without a block and under each of a handshake, for a reader may look for a seal only under those of
 * a session; under those, with a seal of nobody, for it may look only while it has a session, or only at what panels send; under
 * one that is not in the standard; and under a checksum, which an older way of reading may be for.
 */
export const clearForms: readonly { readonly type: number | null; readonly check?: 'checksum' }[] = [
  { type: null },
  { type: blocks.challenge },
  { type: blocks.serverCryptogram },
  { type: blocks.firstMac },
  { type: blocks.cryptogram },
  { type: blocks.command },
  { type: blocks.commandSealed },
  { type: blocks.reply },
  { type: blocks.replySealed },
  { type: unknownBlock },
  { type: null, check: 'checksum' },
];

export const commands = {
  poll: 0x60,
  id: 0x61,
  capabilities: 0x62,
  localStatus: 0x64,
  inputStatus: 0x65,
  outputStatus: 0x66,
  output: 0x68,
  led: 0x69,
  buzzer: 0x6a,
  text: 0x6b,
  comset: 0x6e,
  keyset: 0x75,
  challenge: 0x76,
  serverCryptogram: 0x77,
} as const;

export const replies = {
  ack: 0x40,
  nak: 0x41,
  id: 0x45,
  capabilities: 0x46,
  localStatus: 0x48,
  inputStatus: 0x49,
  outputStatus: 0x4a,
  raw: 0x50,
  keypad: 0x53,
  com: 0x54,
  cryptogram: 0x76,
  firstMac: 0x78,
  busy: 0x79,
} as const;

/** Why a device refuses, clause 7.3, table 47. */
export const naks = {
  check: 1,
  length: 2,
  unknown: 3,
  sequence: 4,
  noSecurity: 5,
  conditions: 6,
  record: 9,
} as const;

export interface Packet {
  readonly address: number;
  readonly isReply: boolean;
  /** 0 begins anew; then 1, 2, 3, 1 … */
  readonly sequence: number;
  readonly check: 'crc' | 'checksum';
  /** Type of the security block and what follows it. */
  readonly block: { readonly type: number; readonly data: Uint8Array } | null;
  /** The command or the reply. */
  readonly code: number;
  /** As it stands on the line: encrypted, where the block says so. */
  readonly data: Uint8Array;
  /** Four bytes; null where the block calls for none. */
  readonly mac: Uint8Array | null;
}

/** What each byte does to the CRC. */
const crcOf = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80_00 ? ((crc << 1) ^ 0x10_21) & 0xff_ff : (crc << 1) & 0xff_ff;
  return crc;
});

/** CRC-16 with polynomial 0x1021 and initial value 0x1D0F, not reflected, annex C. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0x1d_0f;
  for (const byte of bytes) crc = ((crc << 8) & 0xff_ff) ^ (crcOf[(crc >> 8) ^ byte] ?? 0);
  return crc;
}

/** What makes the sum of all bytes zero, annex B. */
export const checksum = (bytes: Uint8Array): number => -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;

/** All of a packet that its MAC is made over: from SOM on, its whole length already told, without MAC and check. */
export function unsealed(packet: Omit<Packet, 'mac'>): Uint8Array {
  const { block, data } = packet;
  const security = block ? [block.data.length + 2, block.type, ...block.data] : [];
  const hasMac = hasSeal(block);
  const length = headerBytes + security.length + 1 + data.length + (hasMac ? macBytes : 0) + (packet.check === 'crc' ? 2 : 1);
  const control = packet.sequence | (packet.check === 'crc' ? crcBit : 0) | (block ? blockBit : 0);
  const address = packet.address | (packet.isReply ? replyBit : 0);
  return Uint8Array.of(som, address, length & 0xff, length >> 8, control, ...security, packet.code, ...data);
}

/** A packet that nobody has sealed, whatever its block calls for. */
export function unproven(packet: Omit<Packet, 'mac'>): Uint8Array {
  return checked(unsealed(packet), hasSeal(packet.block) ? new Uint8Array(macBytes) : null, packet.check);
}

/**
 * Packets that end before what they tell, under a check that is right: what stands behind a right check is what a reader goes by.
 * The first goes on under a number, the others begin anew, so that none is taken for a repeat.
 */
export function truncated(address: number, sequence: number): readonly Uint8Array[] {
  const rests = [[0xff, blocks.command], [2, blocks.commandSealed], [0, blocks.command], []] as const;
  return rests.map((rest, i) => {
    const control = (i === 0 ? sequence : 0) | crcBit | (rest.length > 0 ? blockBit : 0);
    return checked(Uint8Array.of(som, address, headerBytes + rest.length + 2, 0, control, ...rest), null, 'crc');
  });
}

/** The longest packet there is, of a command in clear, beginning anew. */
export const longest = (address: number, code: number): Uint8Array => {
  const data = new Uint8Array(maxPacketBytes - headerBytes - 3);
  return unproven({ address, isReply: false, sequence: 0, check: 'crc', block: null, code, data });
};

/** What is put on the line after the marking byte: the text, its MAC, and a check over both. */
export function checked(text: Uint8Array, mac: Uint8Array | null, check: Packet['check']): Uint8Array {
  const whole = mac ? Buffer.concat([text, mac.subarray(0, macBytes)]) : text;
  const crc = crc16(whole);
  return Buffer.concat([whole, check === 'crc' ? Uint8Array.of(crc & 0xff, crc >> 8) : Uint8Array.of(checksum(whole))]);
}

/** Whether a packet is as it was sent, as far as its check tells. */
function isUnchanged(bytes: Uint8Array, check: Packet['check']): boolean {
  const end = bytes.length - (check === 'crc' ? 2 : 1);
  const whole = bytes.subarray(0, end);
  if (check === 'checksum') return bytes[end] === checksum(whole);
  const crc = crc16(whole);
  return bytes[end] === (crc & 0xff) && bytes[end + 1] === crc >> 8;
}

/** A packet and the text that its MAC is made over; null where the check is wrong or it is no packet. */
export function decoded(bytes: Uint8Array): { readonly packet: Packet; readonly text: Uint8Array } | null {
  const [start, address = 0, low = 0, high = 0, control = 0] = bytes;
  if (start !== som || bytes.length !== low + high * 256) return null;
  const check = control & crcBit ? 'crc' : 'checksum';
  const whole = bytes.subarray(0, bytes.length - (check === 'crc' ? 2 : 1));
  if (!isUnchanged(bytes, check)) return null;
  const hasBlock = (control & blockBit) !== 0;
  const blockBytes = hasBlock ? (bytes[headerBytes] ?? 0) : 0;
  if (hasBlock && blockBytes < 2) return null;
  const block = hasBlock
    ? { type: bytes[headerBytes + 1] ?? 0, data: whole.subarray(headerBytes + 2, headerBytes + blockBytes) }
    : null;
  const hasMac = hasSeal(block);
  const text = hasMac ? whole.subarray(0, whole.length - macBytes) : whole;
  const at = headerBytes + blockBytes;
  const code = text[at];
  if (code === undefined || text.length < at + 1) return null;
  return {
    text,
    packet: {
      address: address & 0x7f,
      isReply: (address & replyBit) !== 0,
      sequence: control & sequenceBits,
      check,
      block,
      code,
      data: text.subarray(at + 1),
      mac: hasMac ? whole.subarray(whole.length - macBytes) : null,
    },
  };
}

/** Puts packets together from pieces in whatever cut; what is no packet is passed over, at most one packet is held. */
export interface PacketReader {
  /** Whole packets by their length, right or wrong. */
  read(piece: Uint8Array): readonly Uint8Array[];
  /** The line was silent for longer than within a packet: what was begun is none. Tells what stands whole behind it. */
  pause(): readonly Uint8Array[];
}

export function packetReader(): PacketReader {
  let held: Uint8Array = new Uint8Array();
  const next = (): Uint8Array | null => {
    for (;;) {
      const start = held.indexOf(som);
      held = start < 0 ? new Uint8Array() : held.subarray(start);
      if (held.length < headerBytes) return null;
      const length = (held[2] ?? 0) + (held[3] ?? 0) * 256;
      if (length > headerBytes + 1 && length <= maxPacketBytes) {
        if (held.length < length) return null;
        const packet = held.subarray(0, length);
        // Behind a wrong length there may be a right packet: only a good one is taken off the line whole.
        const check = (packet[4] ?? 0) & crcBit ? 'crc' : 'checksum';
        held = held.subarray(isUnchanged(packet, check) ? length : 1);
        return packet;
      }
      held = held.subarray(1);
    }
  };
  return {
    read(piece) {
      held = held.length === 0 ? piece : Buffer.concat([held, piece]);
      const packets: Uint8Array[] = [];
      for (let packet = next(); packet; packet = next()) packets.push(packet);
      return packets;
    },
    pause() {
      const packets: Uint8Array[] = [];
      while (held.length > 0) {
        held = held.subarray(1);
        for (let packet = next(); packet; packet = next()) packets.push(packet);
      }
      return packets;
    },
  };
}
