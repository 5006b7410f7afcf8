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
  const out: number[] = [];
  let run: number[] = [];
  const flush = (): void => {
    out.push(run.length + 1, ...run);
    run = [];
  };
  for (const byte of bytes) {
    if (byte !== 0) run.push(byte);
    if (byte === 0 || run.length === longestRun) flush();
  }
  // A full run ends without a zero of its own.
  const endsFull = bytes.length > 0 && run.length === 0 && bytes.at(-1) !== 0;
  if (!endsFull) flush();
  return Uint8Array.from(out);
}

/** The other way; null for what no encoder makes. */
export function unstuffed(bytes: Uint8Array): Uint8Array | null {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const code = bytes[at] ?? 0;
    const run = bytes.subarray(at + 1, at + code);
    if (code === 0 || run.length < code - 1) return null;
    out.push(...run);
    at += code;
    if (code <= longestRun && at < bytes.length) out.push(0);
  }
  return Uint8Array.from(out);
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
  let held: number[] = [];
  let tooLong = false;
  return (piece) => {
    const heard: Heard[] = [];
    for (const byte of piece) {
      if (byte !== 0) {
        if (held.length < maxLineBytes) held.push(byte);
        else tooLong = true;
        continue;
      }
      if (tooLong) heard.push('over-long');
      else if (held.length > 0) {
        const bytes = unstuffed(Uint8Array.from(held));
        heard.push((bytes && unpacked(bytes)) ?? 'spoilt');
      }
      held = [];
      tooLong = false;
    }
    return heard;
  };
}
