import { type Cipheriv, createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';

/** The secure channel of OSDP: SIA OSDP 2.2, annex D. AES-128 throughout. */

const blockBytes = 16;
/** The key that every reader knows before it is given one of its own, annex D; public, for installation only. */
export const defaultKey: Uint8Array = Uint8Array.from({ length: blockBytes }, (_, i) => 0x30 + i);

/** Keys of one session. */
export interface SessionKeys {
  readonly encryption: Uint8Array;
  readonly mac1: Uint8Array;
  readonly mac2: Uint8Array;
}

/** Where the chain of MACs stands: each is the start of the next. All 16 bytes, of which 4 are sent. */
export interface Chain {
  /** Of the newest command. */
  readonly command: Uint8Array;
  /** Of the newest reply. */
  readonly reply: Uint8Array;
}

/** One for each key while it lives: to make a cipher takes longer than to use it, and ECB keeps nothing from block to block. */
const ciphers = new WeakMap<Uint8Array, Cipheriv>();

function block(key: Uint8Array, text: Uint8Array): Uint8Array {
  const cipher = ciphers.get(key) ?? createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  ciphers.set(key, cipher);
  return cipher.update(text);
}

/** D.4: from the base key and the panel's random number. */
export function sessionKeys(base: Uint8Array, panelRandom: Uint8Array): SessionKeys {
  const derive = (low: number, high: number): Uint8Array => {
    const text = Buffer.alloc(blockBytes);
    text.set([low, high, ...panelRandom.subarray(0, 6)]);
    return block(base, text);
  };
  return { encryption: derive(0x01, 0x82), mac1: derive(0x01, 0x01), mac2: derive(0x01, 0x02) };
}

/** The reader's proof that it has the base key. */
export const readerCryptogram = (keys: SessionKeys, panelRandom: Uint8Array, readerRandom: Uint8Array): Uint8Array =>
  block(keys.encryption, Buffer.concat([panelRandom, readerRandom]));
/** The panel's. */
export const panelCryptogram = (keys: SessionKeys, panelRandom: Uint8Array, readerRandom: Uint8Array): Uint8Array =>
  block(keys.encryption, Buffer.concat([readerRandom, panelRandom]));
/** What the first MAC is chained to. */
export const firstMac = (keys: SessionKeys, cryptogram: Uint8Array): Uint8Array => block(keys.mac2, block(keys.mac1, cryptogram));

export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

const inverted = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => ~byte & 0xff);
const padded = (text: Uint8Array): Uint8Array => {
  const whole = Buffer.alloc(Math.ceil((text.length + 1) / blockBytes) * blockBytes);
  whole.set(text);
  whole[text.length] = 0x80;
  return whole;
};

/** MAC over the text of a packet, 16 bytes: CBC with the first key, the last block with the second. `before` is the MAC it follows. */
export function macOf(keys: SessionKeys, before: Uint8Array, text: Uint8Array): Uint8Array {
  const whole = text.length % blockBytes === 0 && text.length > 0 ? text : padded(text);
  let chained = before;
  for (let at = 0; at < whole.length; at += blockBytes) {
    const mixed = Uint8Array.from({ length: blockBytes }, (_, i) => (whole[at + i] ?? 0) ^ (chained[i] ?? 0));
    chained = block(at + blockBytes < whole.length ? keys.mac1 : keys.mac2, mixed);
  }
  return chained;
}

/** `before`: the newest MAC of the other end. */
export function encrypted(keys: SessionKeys, before: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', keys.encryption, inverted(before)).setAutoPadding(false);
  return cipher.update(padded(data));
}

/** Null where it is not of whole blocks, or its padding is none. */
export function decrypted(keys: SessionKeys, before: Uint8Array, data: Uint8Array): Uint8Array | null {
  if (data.length === 0 || data.length % blockBytes !== 0) return null;
  const cipher = createDecipheriv('aes-128-cbc', keys.encryption, inverted(before)).setAutoPadding(false);
  const whole = cipher.update(data);
  let end = whole.length - 1;
  while (end > 0 && whole[end] === 0) end--;
  return whole[end] === 0x80 ? whole.subarray(0, end) : null;
}
