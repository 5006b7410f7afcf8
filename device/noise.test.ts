import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { greet, greeted, keyPair, seal, unseal } from './noise.ts';

const file = new URL('vectors/noise-ik.json', import.meta.url);
const { vector } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly vector: Readonly<Record<string, string>> & {
    readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
  };
};
const bytes = (hex: string | undefined): Uint8Array => Buffer.from(hex ?? '', 'hex');
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const none = new Uint8Array();

const prologue = bytes(vector['init_prologue']);
const caller = keyPair(bytes(vector['init_static']));
const callerEphemeral = keyPair(bytes(vector['init_ephemeral']));
const lock = keyPair(bytes(vector['resp_static']));
const lockEphemeral = keyPair(bytes(vector['resp_ephemeral']));
const [first, second, third, fourth] = vector.messages;

const greeting = () => {
  const made = greet(caller, callerEphemeral, bytes(vector['init_remote_static']), prologue, bytes(first?.payload));
  if (!made) throw new Error('no greeting');
  return made;
};
const answered = () => {
  const heard = greeted(lock, bytes(first?.ciphertext), prologue);
  const made = heard?.answer(lockEphemeral, bytes(second?.payload));
  if (!heard || !made) throw new Error('no answer');
  return { heard, made };
};

describe('Noise_IK_25519_ChaChaPoly_SHA256', () => {
  test('says what the published vector says, on both sides', () => {
    const said = greeting();
    expect(hex(said.message)).toBe(first?.ciphertext);
    const { heard, made } = answered();
    expect(hex(heard.caller)).toBe(hex(caller.open));
    expect(hex(heard.payload)).toBe(first?.payload);
    expect(hex(made.message)).toBe(second?.ciphertext);
    const finished = said.finish(made.message);
    expect(hex(finished?.payload ?? none)).toBe(second?.payload);
    expect(hex(finished?.hash ?? none)).toBe(vector['handshake_hash']);
    expect(hex(made.hash)).toBe(vector['handshake_hash']);
    expect(hex(seal(made.toLock, 0, none, bytes(third?.payload)))).toBe(third?.ciphertext);
    expect(hex(seal(made.fromLock, 0, none, bytes(fourth?.payload)))).toBe(fourth?.ciphertext);
    expect(finished?.toLock).toEqual(made.toLock);
    expect(finished?.fromLock).toEqual(made.fromLock);
  });

  test('no greeting is heard with one bit changed, cut anywhere, for another lock or under another prologue', () => {
    const message = bytes(first?.ciphertext);
    for (let at = 0; at < message.length; at++) {
      const changed = Uint8Array.from(message);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(greeted(lock, changed, prologue)).toBeNull();
      expect(greeted(lock, message.subarray(0, at), prologue)).toBeNull();
    }
    expect(greeted(caller, message, prologue)).toBeNull();
    expect(greeted(lock, message, bytes('00'))).toBeNull();
  });

  test('no answer is taken with one bit changed or cut anywhere', () => {
    const { made } = answered();
    for (let at = 0; at < made.message.length; at++) {
      const changed = Uint8Array.from(made.message);
      changed[at] = (changed[at] ?? 0) ^ 0x80;
      expect(greeting().finish(changed)).toBeNull();
      expect(greeting().finish(made.message.subarray(0, at))).toBeNull();
    }
  });

  test('a key of small order agrees with nobody', () => {
    expect(greet(caller, callerEphemeral, new Uint8Array(32), prologue)).toBeNull();
    expect(greeted(lock, new Uint8Array(112), prologue)).toBeNull();
  });

  test('a seal covers what it is about, its number and every bit', () => {
    const key = new Uint8Array(32).fill(7);
    const about = bytes('0102');
    const sealed = seal(key, 5, about, bytes('aabbcc'));
    expect(unseal(key, 5, about, sealed)).toEqual({ text: Buffer.from('aabbcc', 'hex'), authentic: true });
    expect(unseal(key, 6, about, sealed).authentic).toBe(false);
    expect(unseal(key, 5, bytes('0103'), sealed).authentic).toBe(false);
    expect(unseal(key, 5, about, sealed.subarray(0, 10)).authentic).toBe(false);
  });
});
