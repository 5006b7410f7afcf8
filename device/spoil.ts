import type { DeviceRequest } from '../contract/device.ts';
import type { Sending } from '../contract/wire.ts';
import { type Frame, maxPayloadBytes, onLine, packed } from './frame.ts';
import type { Session } from './session.ts';
import { ungrammatical } from './words.ts';

/** Bytes for the line, piece by piece, and the numbers under which good answers may come. */
export interface Sent {
  readonly pieces: readonly Uint8Array[];
  readonly answers: readonly number[];
  /** What should not come may come after what should. */
  readonly lingers?: true;
}

const line = (frame: Frame): Uint8Array => onLine(packed(frame));

function withBit(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

/** How a request is put on the line, contract/wire.ts. What is spoilt is as near to a good one as can be. */
export function spoil(session: Session, asked: DeviceRequest, how: Sending, noise: () => Uint8Array): Sent {
  const { no, frame } = session.request(asked);
  const whole = line(frame);
  switch (how) {
    case 'well':
      return { pieces: [whole], answers: [no] };
    case 'split':
      return { pieces: [...whole].map((byte) => Uint8Array.of(byte)), answers: [no] };
    case 'glued': {
      const second = session.request(asked);
      return { pieces: [Buffer.concat([whole, line(second.frame)])], answers: [no, second.no] };
    }
    case 'twice':
      return { pieces: [whole, whole], answers: [no], lingers: true };
    case 'swapped': {
      const second = session.request(asked);
      return { pieces: [line(second.frame), whole], answers: [second.no], lingers: true };
    }
    case 'cut':
      // In the middle, and just before the end.
      return { pieces: [whole.subarray(0, whole.length >> 1), whole.subarray(0, whole.length - 4)], answers: [] };
    case 'flipped': {
      // On the way, where the CRC tells; and by somebody who mends the CRC, where only the seal does.
      const last = frame.payload.length - 1;
      const forged = { ...frame, payload: withBit(frame.payload, last) };
      return { pieces: [onLine(withBit(packed(frame), 10)), line(forged)], answers: [] };
    }
    case 'misaddressed':
      // For another session: sealed by who has the key of this one.
      return { pieces: [line({ ...frame, session: (frame.session + 1) % 2 ** 32 })], answers: [] };
    case 'forged':
      return { pieces: [line({ ...frame, payload: withBit(frame.payload, frame.payload.length - 1) })], answers: [] };
    case 'over-long':
      return {
        pieces: [line({ ...frame, payload: Buffer.concat([frame.payload, Buffer.alloc(maxPayloadBytes)]) })],
        answers: [],
      };
    case 'ungrammatical':
      return { pieces: [line(session.sealed(ungrammatical(no, asked.verb)))], answers: [] };
    case 'plain':
      return { pieces: [line(session.plain(asked))], answers: [] };
    case 'noise':
      return { pieces: [noise()], answers: [] };
  }
}
