import { expect, test } from 'vitest';
import { replies } from './frame.ts';
import { keptOf } from './reports.ts';

/** What docs/wire/plant-port.md says of a wired reader, on the line. */
test('the number of a card is all of its bits, the first digit first and the highest bit of each first', () => {
  const card = (bits: number, ...bytes: readonly number[]) => keptOf(replies.raw, Uint8Array.of(0, 0, bits, 0, ...bytes));
  expect(card(16, 0x47, 0x11)).toEqual({ kind: 'card', digits: '4711' });
  expect(card(12, 0x47, 0x10)).toEqual({ kind: 'card', digits: '471' });
  // 26 bits, of which two are parity: another number.
  expect(card(26, 0x47, 0x11, 0x00, 0x40)).not.toEqual({ kind: 'card', digits: '4711' });
});

test('of the keys the digits count, whatever ends a code', () => {
  const keys = (text: string) => keptOf(replies.keypad, Uint8Array.of(0, text.length, ...Buffer.from(text, 'ascii')));
  expect(keys('4711#')).toEqual({ kind: 'keys', digits: '4711' });
  expect(keys('4711')).toEqual({ kind: 'keys', digits: '4711' });
  expect(keys('#')).toEqual({ kind: 'keys', digits: '' });
});
