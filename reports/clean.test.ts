/* oxlint-disable no-control-regex -- control characters are what must be gone */
import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clean, line, shownJson } from './clean.ts';
import { hostileText } from './sample.ts';

const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/;

describe('clean', () => {
  test('takes out escape sequences, control and bidi characters, and nothing else', () => {
    expect(clean('a\u001b[31mb\u001b[0m \u202Ec\u0000\u001b]0;title\u0007d')).toBe('ab cd');
    expect(clean('Zoë\t“Дом”\nבית 北 👩')).toBe('Zoë\t“Дом”\nבית 北 👩');
    expect(clean('a\r\nb\rc')).toBe('a\nbc');
    expect(clean('half \uD800')).toBe('half \uFFFD');
  });

  test('leaves nothing forbidden in any text, and changes nothing the second time', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(clean(text)).not.toMatch(forbidden);
        expect(clean(clean(text))).toBe(clean(text));
      }),
    );
    expect(clean(hostileText)).not.toMatch(forbidden);
  });

  test('JSON is shown whole and stays the same value', () => {
    expect(shownJson('["a\u202eb\u009b\u{e0041}"]\n')).toBe('["a\\u202eb\\u009b\\udb40\\udc41"]\n');
    assert(
      property(string({ unit: 'binary', maxLength: 60 }), (text) => {
        const shown = shownJson(JSON.stringify({ text }));
        expect(shown).not.toMatch(forbidden);
        expect(JSON.parse(shown)).toEqual({ text });
      }),
    );
  });

  test('line is one line of bounded length', () => {
    expect(line(' a\n\n b ')).toBe('a b');
    expect(line('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(line(`${'x'.repeat(8)}👩 and more`, 10)).toBe(`${'x'.repeat(8)}…`);
  });
});
