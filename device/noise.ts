import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';

/**
 * Noise_IK_25519_ChaChaPoly_SHA256, The Noise Protocol Framework revision 34: the caller knows the lock's key beforehand
 * and proves its own in its first message. Synchronous; throws nothing for what the other end sends.
 */
const protocolName = 'Noise_IK_25519_ChaChaPoly_SHA256';
const keyBytes = 32;
const tagBytes = 16;
const pkcs8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const spki = Buffer.from('302a300506032b656e032100', 'hex');

export interface KeyPair {
  readonly secret: Uint8Array;
  readonly open: Uint8Array;
}

const privateOf = (secret: Uint8Array) => createPrivateKey({ key: Buffer.concat([pkcs8, secret]), format: 'der', type: 'pkcs8' });

/** The pair of an X25519 secret (RFC 7748), 32 bytes. */
export function keyPair(secret: Uint8Array): KeyPair {
  const open = createPublicKey(privateOf(secret)).export({ format: 'der', type: 'spki' }).subarray(-keyBytes);
  return { secret, open };
}

/** Null where the other key is of small order: the result would be known to everybody. */
function agreed({ secret }: KeyPair, open: Uint8Array): Uint8Array | null {
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([spki, open]), format: 'der', type: 'spki' });
    return diffieHellman({ privateKey: privateOf(secret), publicKey });
  } catch {
    return null;
  }
}

const hash = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();
const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHmac('sha256', key)).digest();

/** HKDF with two outputs, section 4.3. */
function derived(chaining: Uint8Array, material: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const temp = hmac(chaining, material);
  const first = hmac(temp, Uint8Array.of(1));
  return [first, hmac(temp, first, Uint8Array.of(2))];
}

/** 32 bits of zeros, then the number, little-endian, section 12.3. */
function nonceOf(n: number): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32LE(n, 4);
  return nonce;
}

/** Node makes a key object of raw bytes at every call, which takes longer than the cipher does. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>();
function secretOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key) ?? createSecretKey(key);
  keyObjects.set(key, known);
  return known;
}

/** Seals a text under a number that was never used with this key. */
export function seal(key: Uint8Array, n: number, about: Uint8Array, text: Uint8Array): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', secretOf(key), nonceOf(n), { authTagLength: tagBytes });
  cipher.setAAD(about, { plaintextLength: text.length });
  const body = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([body, cipher.getAuthTag()]);
}

/** What was sealed, and whether the seal is good. The text of a bad one is nobody's word. */
export function unseal(
  key: Uint8Array,
  n: number,
  about: Uint8Array,
  sealed: Uint8Array,
): { readonly text: Uint8Array; readonly authentic: boolean } {
  const end = sealed.length - tagBytes;
  if (end < 0) return { text: new Uint8Array(), authentic: false };
  const decipher = createDecipheriv('chacha20-poly1305', secretOf(key), nonceOf(n), { authTagLength: tagBytes });
  decipher.setAAD(about, { plaintextLength: end });
  decipher.setAuthTag(sealed.subarray(end));
  const text = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
    return { text, authentic: true };
  } catch {
    return { text, authentic: false };
  }
}

/** Section 5.2: what both ends have agreed on so far. */
class Symmetric {
  chaining: Uint8Array;
  hash: Uint8Array;
  #key: Uint8Array | null = null;
  #n = 0;

  constructor(prologue: Uint8Array, lockKey: Uint8Array) {
    // The name has exactly the length of a hash.
    this.hash = Buffer.from(protocolName, 'latin1');
    this.chaining = this.hash;
    this.mix(prologue);
    this.mix(lockKey);
  }
  mix(bytes: Uint8Array): void {
    this.hash = hash(this.hash, bytes);
  }
  /** False where no secret was agreed on. */
  mixKey(material: Uint8Array | null): boolean {
    if (!material) return false;
    [this.chaining, this.#key] = derived(this.chaining, material);
    this.#n = 0;
    return true;
  }
  sealed(text: Uint8Array): Uint8Array {
    if (!this.#key) throw new Error('sealed before any secret');
    const out = seal(this.#key, this.#n++, this.hash, text);
    this.mix(out);
    return out;
  }
  unsealed(bytes: Uint8Array): Uint8Array | null {
    if (!this.#key) return null;
    const { text, authentic } = unseal(this.#key, this.#n++, this.hash, bytes);
    if (!authentic) return null;
    this.mix(bytes);
    return text;
  }
  split(): readonly [Uint8Array, Uint8Array] {
    return derived(this.chaining, new Uint8Array());
  }
}

/** Keys of the two directions, and the hash of all that was said, which names the session. */
export interface Agreement {
  readonly toLock: Uint8Array;
  readonly fromLock: Uint8Array;
  readonly hash: Uint8Array;
}

const agreement = (state: Symmetric): Agreement => {
  const [toLock, fromLock] = state.split();
  return { toLock, fromLock, hash: state.hash };
};

/** The caller's side. `finish` is null where the answer is not of the lock that was meant. */
export function greet(
  own: KeyPair,
  ephemeral: KeyPair,
  lockKey: Uint8Array,
  prologue: Uint8Array,
  payload: Uint8Array = new Uint8Array(),
): { readonly message: Uint8Array; finish(answer: Uint8Array): (Agreement & { readonly payload: Uint8Array }) | null } | null {
  const state = new Symmetric(prologue, lockKey);
  state.mix(ephemeral.open);
  if (!state.mixKey(agreed(ephemeral, lockKey))) return null;
  const who = state.sealed(own.open);
  if (!state.mixKey(agreed(own, lockKey))) return null;
  const message = Buffer.concat([ephemeral.open, who, state.sealed(payload)]);
  return {
    message,
    finish(answer) {
      if (answer.length < keyBytes + tagBytes) return null;
      const theirs = answer.subarray(0, keyBytes);
      state.mix(theirs);
      if (!state.mixKey(agreed(ephemeral, theirs)) || !state.mixKey(agreed(own, theirs))) return null;
      const text = state.unsealed(answer.subarray(keyBytes));
      return text && { ...agreement(state), payload: text };
    },
  };
}

/** The lock's side: who greets, proven; null where it is no greeting for this lock. */
export function greeted(
  lock: KeyPair,
  message: Uint8Array,
  prologue: Uint8Array,
): {
  readonly caller: Uint8Array;
  readonly payload: Uint8Array;
  answer(ephemeral: KeyPair, payload: Uint8Array): (Agreement & { readonly message: Uint8Array }) | null;
} | null {
  const whoEnd = keyBytes + keyBytes + tagBytes;
  if (message.length < whoEnd + tagBytes) return null;
  const state = new Symmetric(prologue, lock.open);
  const theirs = message.subarray(0, keyBytes);
  state.mix(theirs);
  if (!state.mixKey(agreed(lock, theirs))) return null;
  const caller = state.unsealed(message.subarray(keyBytes, whoEnd));
  if (!caller || !state.mixKey(agreed(lock, caller))) return null;
  const payload = state.unsealed(message.subarray(whoEnd));
  if (!payload) return null;
  return {
    caller,
    payload,
    answer(ephemeral, text) {
      state.mix(ephemeral.open);
      if (!state.mixKey(agreed(ephemeral, theirs)) || !state.mixKey(agreed(ephemeral, caller))) return null;
      const sealedText = state.sealed(text);
      return { ...agreement(state), message: Buffer.concat([ephemeral.open, sealedText]) };
    },
  };
}
