import { describe, expect, test } from 'vitest';
import { runSecrets } from './secrets.ts';

const symbols = ['plain1', 'plain2', 'zero1', 'prefix1', 'prefix2', 'filler0'];
const made = (minDigits: number, maxDigits: number, seed = 7): readonly string[] => {
  const secrets = runSecrets(seed, { minDigits, maxDigits });
  return symbols.map((symbol) => secrets.digits(symbol));
};

describe('the PINs of a run', () => {
  test.each([
    [4, 8],
    [4, 4],
    [6, 6],
    [6, 12],
    [3, 5],
  ])('of %i to %i digits are unlike each other', (least, most) => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const pins = made(least, most, seed);
      expect(new Set(pins).size).toBe(pins.length);
      expect(pins.filter((pin) => pin.length < least || pin.length > most)).toEqual([]);
    }
  });
  test('one begins the other where lengths may differ, and is alike but for its last digit where not', () => {
    const [plain = '', , , prefix = ''] = made(4, 8);
    expect(plain.startsWith(prefix)).toBe(true);
    const [fixed = '', , , near = ''] = made(6, 6);
    expect([near.slice(0, -1), near.length]).toEqual([fixed.slice(0, -1), 6]);
  });
});
