import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hex, plainCore } from './device.fixture.ts';
import { deviceFace } from './face.ts';
import { type Frame, frameReader, stuffed, unstuffed } from './frame.ts';
import { prologueOf } from './handshake.ts';
import { greet, keyPair } from './noise.ts';
import { decodeWelcome } from './words.ts';

/** The vectors that makers in other languages test with: docs/wire/device-vectors.md. */
interface Vectors {
  readonly keys: Readonly<Record<string, string>>;
  readonly handshakeHash: string;
  readonly toLock: string;
  readonly fromLock: string;
  readonly session: number;
  readonly welcomePayload: string;
  readonly cobs: readonly { readonly plain: string; readonly coded: string }[];
  readonly exchanges: readonly { readonly what: string; readonly caller: string; readonly lock: string }[];
  readonly silent: readonly { readonly what: string; readonly caller: string }[];
}
const vectors = JSON.parse(readFileSync(new URL('vectors/device-protocol.json', import.meta.url), 'utf8')) as Vectors;
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');
const filled = (name: string): Uint8Array => new Uint8Array(32).fill(Number.parseInt(vectors.keys[name] ?? '', 16));

/** The lock's end with the vectors' keys; says what it answers to a line. */
function lockEnd(): (line: string) => Promise<string> {
  const key = keyPair(filled('lockSecret'));
  const core = plainCore(hex(keyPair(filled('ownerSecret')).open));
  const clock = { nowMs: () => 0, sleep: () => new Promise<void>(() => undefined) };
  const said: Uint8Array[] = [];
  let heard: ((piece: Uint8Array) => void) | null = null;
  deviceFace({ core, key, clock, bytes: () => filled('lockEphemeral') })({
    kind: 'open',
    write: async (line) => {
      said.push(line);
      return null;
    },
    listen: (to) => {
      heard = to;
    },
    close: async () => undefined,
  });
  return async (line) => {
    heard?.(bytes(line));
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return Buffer.concat(said.splice(0)).toString('hex');
  };
}

describe('the vectors of the device protocol', () => {
  test('are what the lock’s end says, line by line, and where it is silent', async () => {
    const say = lockEnd();
    for (const { what, caller, lock } of vectors.exchanges) expect([what, await say(caller)]).toEqual([what, lock]);
    for (const { what, caller } of vectors.silent) expect([what, await say(caller)]).toEqual([what, '']);
  });

  test('are what the caller’s end makes of the same keys', () => {
    const [hello] = vectors.exchanges;
    const lockKey = bytes(vectors.keys['lockPublic'] ?? '');
    const greeting = greet(keyPair(filled('ownerSecret')), keyPair(filled('callerEphemeral')), lockKey, prologueOf(1, 1));
    const [sent] = frameReader()(bytes(hello?.caller ?? ''));
    const [answer] = frameReader()(bytes(hello?.lock ?? ''));
    expect(sent).toMatchObject({ kind: 'hello', session: 0, seq: 1 });
    expect(hex((sent as Frame).payload)).toBe(`0101${hex(greeting?.message ?? new Uint8Array())}`);
    const agreed = greeting?.finish((answer as Frame).payload);
    expect(hex(agreed?.hash ?? new Uint8Array())).toBe(vectors.handshakeHash);
    expect(hex(agreed?.toLock ?? new Uint8Array())).toBe(vectors.toLock);
    expect(hex(agreed?.fromLock ?? new Uint8Array())).toBe(vectors.fromLock);
    expect(decodeWelcome(bytes(vectors.welcomePayload))).toEqual({ role: 'owner', idleMs: 300_000 });
  });

  test('say what COBS says', () => {
    for (const { plain, coded } of vectors.cobs) {
      expect(hex(stuffed(bytes(plain)))).toBe(coded);
      expect(hex(unstuffed(bytes(coded)) ?? Uint8Array.of(0xee))).toBe(plain);
    }
  });
});
