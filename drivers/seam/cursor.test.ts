import * as fc from 'fast-check';
import { test } from 'vitest';
import type { EventView } from '../../contract/event.ts';
import { advance, maxMarks, overlapMs, readCursor, sinceMs, start, writeCursor } from './cursor.ts';
import type { Place } from './cursor.ts';

const event = (id: string, platformMs: number): EventView => ({
  id,
  verb: 'unknown',
  rawType: 'x',
  lock: null,
  user: null,
  grant: null,
  integration: null,
  method: null,
  deviceMs: null,
  platformMs,
  confirmed: null,
  about: null,
  gap: null,
});

/** A platform that lists what lies after an instant, excluding or including it. */
const listed = (all: readonly EventView[], afterMs: number, includes: boolean): EventView[] =>
  all.filter((one) => (includes ? one.platformMs >= afterMs : one.platformMs > afterMs));

test('every event comes exactly once, however reading, writing and limits fall together', ({ expect }) => {
  const writing = fc.array(
    fc.record({ stepMs: fc.constantFrom(0, 0, 0, 1, 2, 500, 20_000), lateMs: fc.constantFrom(0, 0, 1, 9_000) }),
    {
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(
      writing,
      fc.array(fc.nat({ max: 5 })),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (writes, reads, limit, includes) => {
        const all: EventView[] = [];
        const heard: string[] = [];
        let nowMs = 1_000_000;
        let place: Place = start;
        const read = (): number => {
          const { fresh, next } = advance(place, listed(all, sinceMs(place), includes), limit);
          heard.push(...fresh.map((one) => one.id));
          place = readCursor(writeCursor(next)) ?? start;
          return fresh.length;
        };
        writes.forEach(({ stepMs, lateMs }, i) => {
          nowMs += stepMs;
          // An event may turn up late by less than the overlap, counted from the newest.
          all.push(event(`e${String(i)}`, nowMs - lateMs));
          for (let n = 0; n < (reads[i] ?? 0); n += 1) read();
        });
        while (read() > 0);
        expect(heard.toSorted()).toEqual(all.map((one) => one.id).toSorted());
      },
    ),
    { seed: 2, numRuns: 500 },
  );
});

test('an event that was changed after it was read is delivered again', ({ expect }) => {
  const { next } = advance(start, [event('a', 5_000)], 9);
  expect(advance(next, [event('a', 5_000)], 9).fresh).toEqual([]);
  expect(advance(next, [{ ...event('a', 5_000), lock: 'other' }], 9).fresh).toHaveLength(1);
});

test('a burst keeps the cursor bounded, and repeats nothing', ({ expect }) => {
  const burst = Array.from({ length: 3 * maxMarks }, (_, i) => event(`b${String(i)}`, 1_000_000 + Math.floor(i / 7)));
  let place: Place = start;
  const heard: EventView[] = [];
  for (let page = 0; page < 200; page += 1) {
    const step = advance(place, listed(burst, sinceMs(place), false), 50);
    if (step.fresh.length === 0) break;
    heard.push(...step.fresh);
    place = step.next;
    expect(writeCursor(place).length).toBeLessThan(16_000);
  }
  expect(new Set(heard.map((one) => one.id)).size).toBe(heard.length);
  expect(heard).toHaveLength(burst.length);
});

test('what turns up later than the overlap is not found', ({ expect }) => {
  const { next } = advance(start, [event('a', 100_000)], 9);
  expect(advance(next, [event('a', 100_000), event('late', 100_000 - overlapMs - 1)], 9).fresh).toEqual([]);
});

test('only own cursors are read back', ({ expect }) => {
  for (const text of ['', 'x', 'e30', Buffer.from('[]').toString('base64url'), 'A'.repeat(20_000)])
    expect(readCursor(text)).toBeNull();
  fc.assert(
    fc.property(fc.string(), (text) => {
      readCursor(text);
    }),
    { seed: 3, numRuns: 200 },
  );
});
