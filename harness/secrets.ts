import { createHmac } from 'node:crypto';
import { pinShape, type Secrets } from '../contract/secrets.ts';

const attempts = 200;
const shortestSecretChars = 8;
/** What could be a word of ours, e.g. `not-confirmed`. */
const isWord = /^[a-z.-]+$/i;
const shortestWordChars = 20;

/**
 * PINs for one run, derived from its seed; only their names are ever written. Lengths are in digits. A real lock also gets
 * `salt`, which nobody keeps: whoever reads a report knows the seed, and must not know what opened the door.
 */
export function runSecrets(seed: number, length: { readonly minDigits: number; readonly maxDigits: number }, salt = ''): Secrets {
  const digitsBySymbol = new Map<string, string>();
  const symbolByDigits = new Map<string, string>();
  const kept = new Set<string>();
  const size = Math.min(Math.max(6, length.minDigits), length.maxDigits);

  function digits(symbol: string): string {
    const known = digitsBySymbol.get(symbol);
    if (known !== undefined) return known;
    const made = make(symbol);
    digitsBySymbol.set(symbol, made);
    if (!symbolByDigits.has(made)) symbolByDigits.set(made, symbol);
    return made;
  }

  function make(symbol: string): string {
    const [, shape = '', number = ''] = pinShape.exec(symbol) ?? [];
    if (shape === '') throw new Error(`not a PIN symbol: ${symbol}`);
    if (shape === 'filler') return (number.at(-1) ?? '0').repeat(size);
    if (shape === 'prefix') return related(digits(`plain${number}`), symbol);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const body = strong(`${seed}${salt}`, `${symbol}/${attempt}`, shape === 'zero' ? size - 1 : size);
      const pin = shape === 'zero' ? `0${body}` : body;
      if (!symbolByDigits.has(pin)) return pin;
    }
    throw new Error(`no unused PIN of ${size} digits for ${symbol}`);
  }

  /**
   * A PIN of which `whole` is a prefix or which is a prefix of `whole`, whichever the declared length allows. Where all PINs
   * have one length none is; then it is alike but for its last digit. Never a PIN that another symbol has.
   */
  function related(whole: string, symbol: string): string {
    const shorter = whole.length > length.minDigits ? [whole.slice(0, -1)] : [];
    const ends = [...'7123456890'];
    const longer = whole.length < length.maxDigits ? ends.map((end) => `${whole}${end}`) : [];
    const alike = ends.map((end) => `${whole.slice(0, -1)}${end}`);
    const unused = [...shorter, ...longer, ...alike].find((pin) => !symbolByDigits.has(pin));
    if (unused === undefined) throw new Error(`no unused PIN for ${symbol}`);
    return unused;
  }

  return {
    digits,
    symbolOf: (text) => symbolByDigits.get(text) ?? 'other',
    seenIn(text) {
      const seen = new Set<string>();
      for (const [word] of text.matchAll(/\b\d{3,12}\b/g)) {
        const symbol = symbolByDigits.get(word);
        // One repeated digit also occurs by chance; it would raise false alarms.
        if (symbol !== undefined && !symbol.startsWith('filler')) seen.add(symbol);
      }
      return [...seen];
    },
    redact(text) {
      // Wherever it stands: `pin_1234` is as readable as `1234`.
      let clean = text.replace(/(?<!\d)\d{3,12}(?!\d)/g, (word) => (symbolByDigits.has(word) ? '•••' : word));
      for (const secret of kept) clean = clean.replaceAll(secret, '•••');
      return clean;
    },
    keep(secret) {
      // A target chooses its tokens: with short ones, or with words, it could have parts of a trace taken out.
      if (secret.length >= (isWord.test(secret) ? shortestWordChars : shortestSecretChars)) kept.add(secret);
    },
  };
}

/** Digits 1–9 with at least three different ones and no run up or down, so that locks that refuse weak PINs take them. */
function strong(key: string, label: string, count: number): string {
  for (let round = 0; round < attempts; round++) {
    const bytes = createHmac('sha256', `lockproof/${key}`).update(`${label}/${round}`).digest();
    const pin = [...bytes.subarray(0, count)].map((byte) => String(1 + (byte % 9))).join('');
    const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
    if (new Set(pin).size >= Math.min(3, count) && steps.size > 1 && !pin.startsWith('12')) return pin;
  }
  throw new Error('no strong PIN found');
}
