import { crc32 } from 'node:zlib';

/**
 * Frames of the device protocol, docs/wire/device-protocol.md section 2. On the line: 00, COBS of what follows, 00. A frame
 * is head (kind, session, number), payload, CRC-32. What is wrong in any way is dropped, and the next 00 begins anew.
 */
export interface Frame {
  readonly kind: FrameKind;
  /** 0 before there is one. */
  readonly session: number;
  readonly seq: number;
  readonly payload: Uint8Array;
}

export const frameKinds = { hello: 1, welcome: 2, sealed: 3, away: 4 } as const;
export type FrameKind = keyof typeof frameKinds;

export const headBytes = 9;
const crcBytes = 4;
export const maxPayloadBytes = 4096;
/** COBS adds one byte, and one more for each 254. */
const maxLineBytes = headBytes + maxPayloadBytes + crcBytes + 18;
const longestRun = 254;

/** Kind, session and number: also what the seal covers besides the payload. */
export function headOf({ kind, session, seq }: Omit<Frame, 'payload'>): Uint8Array {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(frameKinds[kind], 0);
  head.writeUInt32BE(session, 1);
  head.writeUInt32BE(seq, 5);
  return head;
}

/** Consistent Overhead Byte Stuffing (Cheshire and Baker 1999): no zero is left. */
export function stuffed(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + Math.ceil(bytes.length / longestRun) + 1);
  let [code, end] = [0, 1];
  const flush = (): void => {
    out[code] = end - code;
    code = end++;
  };
  for (const byte of bytes) {
    if (byte !== 0) out[end++] = byte;
    if (byte === 0 || end - code > longestRun) flush();
  }
  // A full run ends without a zero of its own.
  const endsFull = bytes.length > 0 && end === code + 1 && bytes.at(-1) !== 0;
  if (!endsFull) flush();
  return out.subarray(0, code);
}

/** The other way; null for what no encoder makes. */
export function unstuffed(bytes: Uint8Array): Uint8Array | null {
  const out = new Uint8Array(bytes.length);
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at] ?? 0;
    if (code === 0 || at + code > bytes.length) return null;
    out.set(bytes.subarray(at + 1, at + code), end);
    end += code - 1;
    at += code;
    if (code <= longestRun && at < bytes.length) end += 1;
  }
  return out.subarray(0, end);
}

/** A frame with its CRC, not yet stuffed. */
export function packed(frame: Frame): Uint8Array {
  const body = Buffer.concat([headOf(frame), frame.payload]);
  const crc = Buffer.alloc(crcBytes);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([body, crc]);
}

const kinds = ['hello', 'welcome', 'sealed', 'away'] as const satisfies readonly FrameKind[];
const kindOf = (byte: number | undefined): FrameKind | null => {
  return kinds.find((kind) => frameKinds[kind] === byte) ?? null;
};

/** The other way; null where it is too short or long, its CRC is wrong or its kind unknown. */
export function unpacked(bytes: Uint8Array): Frame | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.length - crcBytes;
  if (end < headBytes || end > headBytes + maxPayloadBytes) return null;
  if (view.readUInt32BE(end) !== crc32(view.subarray(0, end))) return null;
  const kind = kindOf(view[0]);
  return kind && { kind, session: view.readUInt32BE(1), seq: view.readUInt32BE(5), payload: view.subarray(headBytes, end) };
}

/** What goes on the line for what is packed: zeros before and after, so that what came before cannot spoil it. */
export const onLine = (bytes: Uint8Array): Uint8Array => Buffer.concat([Uint8Array.of(0), stuffed(bytes), Uint8Array.of(0)]);

export type Heard = Frame | 'spoilt' | 'over-long';

/** Cuts a stream into frames, whatever pieces it comes in. Never holds more than the longest frame. */
export function frameReader(): (piece: Uint8Array) => readonly Heard[] {
  const held = new Uint8Array(maxLineBytes);
  let count = 0;
  return (piece) => {
    const heard: Heard[] = [];
    for (let from = 0; from < piece.length;) {
      const zero = piece.indexOf(0, from);
      const part = piece.subarray(from, zero < 0 ? piece.length : zero);
      held.set(part.subarray(0, Math.max(0, maxLineBytes - count)), Math.min(count, maxLineBytes));
      count += part.length;
      from += part.length + 1;
      if (zero < 0) break;
      if (count > maxLineBytes) heard.push('over-long');
      else if (count > 0) heard.push(frameOf(held.subarray(0, count)) ?? 'spoilt');
      count = 0;
    }
    // Beyond too long there is nothing to count.
    count = Math.min(count, maxLineBytes + 1);
    return heard;
  };
}

const frameOf = (line: Uint8Array): Frame | null => {
  const bytes = unstuffed(line);
  return bytes && unpacked(bytes);
};
