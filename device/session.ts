import type { DeviceReply, DeviceRequest } from '../contract/device.ts';
import { type Frame, headOf } from './frame.ts';
import { type Agreement, seal, unseal } from './noise.ts';
import { decodeReply, encodeRequest } from './words.ts';

/** The caller's end of one session: numbers what it seals, and reads what the lock sealed for it. */
export interface Session {
  readonly id: number;
  /** The next request as a frame, and the number under which it is answered. */
  request(asked: DeviceRequest): { readonly no: number; readonly frame: Frame };
  /** Any text, sealed as the next frame. */
  sealed(text: Uint8Array): Frame;
  /** A plain text in the place of a sealed one. */
  plain(asked: DeviceRequest): Frame;
  /** An answer in this session that was not read before; null for everything else. */
  read(frame: Frame): { readonly no: number; readonly reply: DeviceReply } | null;
}

export function sessionOf(id: number, keys: Pick<Agreement, 'toLock' | 'fromLock'>): Session {
  let seq = 0;
  let no = 0;
  let newest = -1;
  const sealed = (text: Uint8Array): Frame => {
    const head = { kind: 'sealed', session: id, seq: seq++ } as const;
    return { ...head, payload: seal(keys.toLock, head.seq, headOf(head), text) };
  };
  return {
    id,
    sealed,
    request: (asked) => {
      no += 1;
      return { no, frame: sealed(encodeRequest(no, asked)) };
    },
    plain: (asked) => {
      no += 1;
      return { kind: 'sealed', session: id, seq: seq++, payload: encodeRequest(no, asked) };
    },
    read: (frame) => {
      if (frame.kind !== 'sealed' || frame.session !== id || frame.seq <= newest) return null;
      const { text, authentic } = unseal(keys.fromLock, frame.seq, headOf(frame), frame.payload);
      if (!authentic) return null;
      newest = frame.seq;
      return decodeReply(text);
    },
  };
}
