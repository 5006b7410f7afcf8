import { describe, expect, test } from 'vitest';
import { maxAgeOf } from './hsts.ts';

describe('for how long a header asks for TLS only', () => {
  test.for<readonly [string | undefined, number | null]>([
    ['max-age=31536000', 31_536_000],
    ['max-age=31536000 ; includeSubDomains', 31_536_000],
    ['Max-Age="15768000"; preload', 15_768_000],
    [';; max-age = 7;', 7],
    ['includeSubDomains; max-age=0', 0],
    ['max-age=5; x="a b"', 5],
    [`max-age=${'9'.repeat(400)}`, Number.MAX_SAFE_INTEGER],
    [undefined, null],
    ['', null],
    ['includeSubDomains', null],
    ['max-age', null],
    ['max-age=', null],
    ['max-age=-1', null],
    ['max-age=1.5', null],
    ['max-age=a year', null],
    ['max-age=1, max-age=2', null],
    ['max-age=1; max-age=1', null],
    ['max-age=1; includeSubDomains; IncludeSubdomains', null],
  ])('%s', ([header, seconds]) => {
    expect(maxAgeOf(header)).toBe(seconds);
  });
});
