import { expect, test } from 'vitest';
import { after, civil, epochMs, span } from './moment.ts';

test.for([
  [0, '0 ms'],
  [380, '380 ms'],
  [1_200, '1.2 s'],
  [12_000, '12 s'],
  [252_000, '4 min 12 s'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
  [-1_500, '−1.5 s'],
] as const)('%d ms is %s', ([ms, text]) => {
  expect(span(ms)).toBe(text);
});

test('after counts from the start', () => {
  expect([after(0), after(12_000), after(-2_000)]).toEqual(['+0 s', '+12 s', '−2 s']);
});

test.for([
  ['1970-01-01T00:00:00Z', 0],
  ['2000-02-29T12:30:15.5Z', 951_827_415_500],
  ['2024-02-29T23:59:59.999Z', 1_709_251_199_999],
  ['2038-01-19T03:14:08Z', 2_147_483_648_000],
  ['2100-03-01T00:00:00+00:00', 4_107_542_400_000],
  ['1969-12-31T23:59:59Z', -1_000],
] as const)('%s is %d', ([text, ms]) => {
  expect(epochMs(text)).toBe(ms);
});

test('what is no UTC time stays what it is', () => {
  expect(epochMs('yesterday')).toBeNull();
  expect(civil('yesterday')).toBe('yesterday');
  expect(civil('2026-03-02T08:15:00Z')).toBe('2 Mar 2026, 08:15 UTC');
});
