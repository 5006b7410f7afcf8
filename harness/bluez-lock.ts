import { randomBytes } from 'node:crypto';
import type { ByteLink } from '../contract/link.ts';
import { deviceFace } from '../device/face.ts';
import { idleLock } from '../device/idle.ts';
import { keyPair } from '../device/noise.ts';
import { realClock } from '../rig/clock.ts';

/** Whose handshake the lock answers, and who may open it. */
export const lockKeys = keyPair(new Uint8Array(32).fill(5));
export const ownerSecret = new Uint8Array(32).fill(3);

/** A lock that speaks the device protocol, and lets raw bytes be said and seen beside it. */
export interface EchoLock {
  readonly serve: (link: ByteLink) => void;
  written(): Uint8Array;
  forget(): void;
  /** In pieces of so many bytes, where it is more. */
  say(bytes: Uint8Array, pieceBytes: number): void;
}

export function echoLock(): EchoLock {
  let sessions = 100;
  let heard: Uint8Array = new Uint8Array();
  let current: ByteLink | null = null;
  const face = deviceFace({ core: idleLock(() => ++sessions), key: lockKeys, clock: realClock(), bytes: randomBytes });
  return {
    serve: (link) => {
      current = link;
      face({
        ...link,
        listen: (hear, ended) =>
          link.listen((bytes) => {
            heard = Buffer.concat([heard, bytes]);
            hear(bytes);
          }, ended),
      });
    },
    written: () => heard,
    forget: () => {
      heard = new Uint8Array();
    },
    say: (bytes, pieceBytes) => {
      for (let at = 0; at < bytes.length; at += pieceBytes)
        void current?.write(bytes.subarray(at, at + pieceBytes), new AbortController().signal);
    },
  };
}
