import type { PinSymbol } from './grant.ts';

/**
 * The PINs of a run. A symbol names shape and number (`plain1`, `zero2` begins with 0, `prefix1` is the beginning of
 * `plain1`, `filler0` repeats one digit); the digits are derived from the run's secret and the declared length.
 */
export const pinShape = /^(plain|zero|prefix|filler)(\d{1,4})$/;

export interface Secrets {
  /** The digits of a symbol. For codecs and the plant only. Throws on a symbol that `pinShape` does not allow. */
  digits(pin: PinSymbol): string;
  /** The symbol that has these digits, or `other`. */
  symbolOf(digits: string): PinSymbol | 'other';
  /** Symbols in use so far whose digits stand in `text` as a word of their own. */
  seenIn(text: string): readonly PinSymbol[];
  /** `text` with every secret in use (PINs, tokens given to `keep`) replaced by `•••`. */
  redact(text: string): string;
  /** Registers a secret that is not a PIN, e.g. an access token, for `redact`. */
  keep(secret: string): void;
}
