import type { ReaderReport } from '../../contract/wire.ts';
import { replies } from './frame.ts';

/** What a reader gave its panel at one poll. Digits are secret until they are told by their symbol. */
export interface Kept {
  readonly kind: 'keys' | 'card';
  readonly digits: string;
}

const keysHead = 2;
const rawHead = 4;

/** The number of a card, half a byte a digit: its bits are told, their meaning is the issuer's. */
function cardDigits(data: Uint8Array): string {
  const bits = (data[2] ?? 0) + (data[3] ?? 0) * 256;
  return Buffer.from(data.subarray(rawHead))
    .toString('hex')
    .slice(0, Math.ceil(bits / 4));
}

/** A reply to POLL that tells of something done at the reader; null for every other. Clauses 7.10, 7.12: keys are ASCII. */
export function keptOf(code: number, data: Uint8Array): Kept | null {
  if (code === replies.raw) return { kind: 'card', digits: cardDigits(data) };
  if (code !== replies.keypad) return null;
  const count = data[1] ?? 0;
  const digits = [...data.subarray(keysHead, keysHead + count)].flatMap((key) =>
    key >= 0x30 && key <= 0x39 ? [String.fromCharCode(key)] : [],
  );
  return { kind: 'keys', digits: digits.join('') };
}

/**
 * Cuts what was pressed into PINs: a reader tells keys one by one, or several at once, and not where a PIN ends. At each
 * place the longest PIN of the run; a key that begins none is `other`.
 */
function pinsOf(
  digits: string,
  lengths: { readonly least: number; readonly most: number },
  symbolOf: (digits: string) => string,
): ReaderReport[] {
  const reports: ReaderReport[] = [];
  for (let at = 0; at < digits.length;) {
    let pin = 'other';
    let length = Math.min(lengths.most, digits.length - at);
    for (; length >= lengths.least; length--) {
      pin = symbolOf(digits.slice(at, at + length));
      if (pin !== 'other') break;
    }
    reports.push({ kind: 'pin', pin });
    at += pin === 'other' ? 1 : length;
  }
  return reports;
}

/** All that a reader gave, in its order. */
export function reportsOf(
  kept: readonly Kept[],
  lengths: { readonly least: number; readonly most: number },
  symbolOf: (digits: string) => string,
): readonly ReaderReport[] {
  const reports: ReaderReport[] = [];
  let digits = '';
  const flush = (): void => {
    reports.push(...pinsOf(digits, lengths, symbolOf));
    digits = '';
  };
  for (const one of kept) {
    if (one.kind === 'keys') digits += one.digits;
    else {
      flush();
      reports.push({ kind: 'card', pin: symbolOf(one.digits) });
    }
  }
  flush();
  return reports;
}
