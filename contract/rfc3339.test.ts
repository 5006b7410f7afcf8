import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { test } from 'vitest';
import { fromRfc3339, toRfc3339 } from './rfc3339.ts';

const textOf = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: 'millisecond' });

test('every instant reads as Temporal has it, and back', ({ expect }) => {
  const instants = fc.oneof(
    fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
    fc.integer({ min: 0, max: 4_133_980_800_000 }),
  );
  fc.assert(
    fc.property(instants, (ms) => {
      const text = toRfc3339(ms);
      expect(text).toBe(textOf(ms));
      expect(fromRfc3339(text)).toBe(ms);
      expect(fromRfc3339(text.replace(/\.\d{3}/, ''))).toBe(Math.floor(ms / 1000) * 1000);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

test('every day around the turns of years, centuries and eras', ({ expect }) => {
  for (const year of [0, 1, 99, 100, 400, 1899, 1900, 1969, 1970, 1999, 2000, 2026, 2028, 2100, 2400, 9999]) {
    const start = Temporal.PlainDate.from({ year, month: 1, day: 1 });
    for (let day = -70; day < 436; day += 1) {
      const ms = start.toZonedDateTime('UTC').epochMilliseconds + day * 86_400_000;
      if (ms < -62_167_219_200_000 || ms >= 253_402_300_800_000) continue;
      expect(toRfc3339(ms)).toBe(textOf(ms));
      expect(fromRfc3339(toRfc3339(ms))).toBe(ms);
    }
  }
});

test('outside of four-digit years, and what is no instant', ({ expect }) => {
  expect(toRfc3339(253_402_300_800_000)).toBe('+010000-01-01T00:00:00.000Z');
  expect(toRfc3339(-62_167_219_200_001)).toBe('-000001-12-31T23:59:59.999Z');
  expect(() => toRfc3339(0.5)).toThrow(RangeError);
  expect(() => toRfc3339(Number.NaN)).toThrow(RangeError);
  for (const bad of [
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00.000Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-01T00:00:60Z',
  ])
    expect(fromRfc3339(bad), bad).toBeNull();
});
