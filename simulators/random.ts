import type { Random } from '../contract/world.ts';

type Key = readonly [number, number, number, number];
const fullRange = 0x1_0000_0000;

/** Mixes all bits of a 32-bit number (the finisher of MurmurHash3). */
function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A new key from an old one and a label: four FNV-1a hashes over the UTF-16 units, each with its own start. */
function keyOf(parent: Key, label: string): Key {
  const lane = (start: number, salt: number): number => {
    let h = mix(start ^ salt);
    for (let i = 0; i < label.length; i += 1) h = Math.imul(h ^ label.charCodeAt(i), 0x0100_0193);
    return mix(h ^ label.length);
  };
  const [a, b, c, d] = parent;
  return [lane(a, 0x9e37_79b9), lane(b ^ a, 0x3c6e_f372), lane(c ^ b, 0xdaa6_6d2b), lane(d ^ c, 0x78dd_e6e4)];
}

/** xoshiro128** 1.1 (Blackman and Vigna), 32 bits at a time. */
function xoshiro(key: Key): () => number {
  let [a, b, c, d] = key;
  // All zero is the one state that it never leaves.
  if ((a | b | c | d) === 0) d = 1;
  return () => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

function randomOf(key: Key): Random {
  const next = xoshiro(key);
  return {
    below: (limit) => {
      if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`no whole number from 0 below ${limit}`);
      if (limit > fullRange) {
        const wide = 2 ** 53 - (2 ** 53 % limit);
        for (;;) {
          const drawn = (next() >>> 11) * fullRange + next();
          if (drawn < wide) return drawn % limit;
        }
      }
      // Draws from the incomplete last stretch would favour small numbers: drawn again.
      const even = fullRange - (fullRange % limit);
      for (;;) {
        const drawn = next();
        if (drawn < even) return drawn % limit;
      }
    },
    split: (label) => randomOf(keyOf(key, label)),
  };
}

/** A source of chance that depends on `seed` alone (any finite number); splits depend on seed and labels, not on draws. */
export function seededRandom(seed: number): Random {
  if (!Number.isFinite(seed)) throw new RangeError(`no seed: ${seed}`);
  return randomOf(keyOf([0x6c6f_636b, 0x7072_6f6f, 0x6673_6565, 0x6473_7461], String(seed)));
}
