import { Temporal } from 'temporal-polyfill';
import { describe, test } from 'vitest';
import type { Window } from './grant.ts';
import { edges, farMs, fromRfc3339, isOpen, isZone, maxEdges, offsetMs, toRfc3339, windowProblem } from './time.ts';
import type { TimeRules } from './time.ts';

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const plain: TimeRules = { gap: 'skip', fold: 'first', endInclusive: false };
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const daily = (zone: string, from: string, to: string, rule = 'FREQ=DAILY'): Window => ({
  startMs: null,
  endMs: null,
  zone,
  recurrence: { rule, from, to },
});
const openings = (window: Window, from: string, to: string, rules: TimeRules = plain): string[] =>
  edges(window, at(from), at(to), rules).map((ms) => toRfc3339(ms).slice(0, 16));

describe('zones', () => {
  test('offsets on both sides of known changes', ({ expect }) => {
    const cases: [string, string, number][] = [
      ['Europe/Berlin', '2026-03-29T00:59:59.999Z', 60],
      ['Europe/Berlin', '2026-03-29T01:00:00Z', 120],
      ['Europe/Berlin', '2026-10-25T00:59:59.999Z', 120],
      ['Europe/Berlin', '2026-10-25T01:00:00Z', 60],
      ['America/New_York', '2026-03-08T06:59:59Z', -300],
      ['America/New_York', '2026-03-08T07:00:00Z', -240],
      ['America/New_York', '2026-11-01T05:59:59Z', -240],
      ['America/New_York', '2026-11-01T06:00:00Z', -300],
      ['Australia/Lord_Howe', '2026-04-04T14:59:59Z', 660],
      ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 630],
      ['Australia/Lord_Howe', '2026-10-03T15:29:59Z', 630],
      ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', 660],
      ['Asia/Kathmandu', '2026-06-01T00:00:00Z', 345],
      ['UTC', '2038-01-19T03:14:08Z', 0],
    ];
    for (const [zone, text, minutes] of cases) expect(offsetMs(zone, at(text)), `${zone} ${text}`).toBe(minutes * minuteMs);
  });
  test('names', ({ expect }) => {
    expect(['Europe/Berlin', 'UTC', 'Asia/Kathmandu', 'Etc/GMT+3'].map(isZone)).toEqual([true, true, true, true]);
    expect(['', 'Mars/Base', '+01:00', 'Europe/Berlin ', '2026-01-01T00:00Z[UTC]'].map(isZone)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });
});

describe('changes of the clock', () => {
  test('gap in Berlin: a window that starts in it', ({ expect }) => {
    const window = daily('Europe/Berlin', '02:15', '02:45');
    const gap = (rule: 'skip' | 'shift') => openings(window, '2026-03-28T12:00Z', '2026-03-29T12:00Z', { ...plain, gap: rule });
    expect(gap('skip')).toEqual([]);
    expect(gap('shift')).toEqual(['2026-03-29T01:00', '2026-03-29T01:30']);
  });
  test('gap in Berlin: a window that only ends in it, one that only starts in it, one around it', ({ expect }) => {
    const on = (from: string, to: string, rule: 'skip' | 'shift') =>
      openings(daily('Europe/Berlin', from, to), '2026-03-28T12:00Z', '2026-03-29T12:00Z', { ...plain, gap: rule });
    for (const rule of ['skip', 'shift'] as const) {
      expect(on('01:30', '02:30', rule)).toEqual(['2026-03-29T00:30', '2026-03-29T01:00']);
      expect(on('01:30', '03:30', rule)).toEqual(['2026-03-29T00:30', '2026-03-29T01:30']);
    }
    expect(on('02:30', '04:00', 'skip')).toEqual([]);
    expect(on('02:30', '04:00', 'shift')).toEqual(['2026-03-29T01:00', '2026-03-29T02:00']);
  });
  test('fold in Berlin', ({ expect }) => {
    const on = (from: string, to: string, fold: 'first' | 'both') =>
      openings(daily('Europe/Berlin', from, to), '2026-10-24T12:00Z', '2026-10-25T12:00Z', { ...plain, fold });
    expect(on('02:15', '02:45', 'first')).toEqual(['2026-10-25T00:15', '2026-10-25T00:45']);
    expect(on('02:15', '02:45', 'both')).toEqual([
      '2026-10-25T00:15',
      '2026-10-25T00:45',
      '2026-10-25T01:15',
      '2026-10-25T01:45',
    ]);
    expect(on('01:30', '02:30', 'first')).toEqual(['2026-10-24T23:30', '2026-10-25T00:30']);
    expect(on('01:30', '02:30', 'both')).toEqual([
      '2026-10-24T23:30',
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
    ]);
    expect(on('02:30', '03:30', 'first')).toEqual(['2026-10-25T00:30', '2026-10-25T02:30']);
    expect(on('02:30', '03:30', 'both')).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:30',
    ]);
  });
  test('New York and the half hour of Lord Howe', ({ expect }) => {
    expect(openings(daily('America/New_York', '02:00', '03:00'), '2026-03-08T05:00Z', '2026-03-08T20:00Z')).toEqual([]);
    expect(openings(daily('America/New_York', '01:00', '02:00'), '2026-11-01T04:30Z', '2026-11-01T20:00Z')).toEqual([
      '2026-11-01T05:00',
      '2026-11-01T07:00',
    ]);
    const lordHowe = daily('Australia/Lord_Howe', '02:10', '02:20');
    expect(openings(lordHowe, '2026-10-03T12:00Z', '2026-10-04T00:00Z')).toEqual([]);
    expect(openings(lordHowe, '2026-10-03T12:00Z', '2026-10-04T00:00Z', { ...plain, gap: 'shift' })).toEqual([
      '2026-10-03T15:30',
      '2026-10-03T15:40',
    ]);
    const repeated = daily('Australia/Lord_Howe', '01:40', '01:50');
    expect(openings(repeated, '2026-04-04T12:00Z', '2026-04-05T00:00Z', { ...plain, fold: 'both' })).toEqual([
      '2026-04-04T14:40',
      '2026-04-04T14:50',
      '2026-04-04T15:10',
      '2026-04-04T15:20',
    ]);
  });
  test('with fold "both" open is what the local reading says, minute by minute, away from gaps', ({ expect }) => {
    const rules: TimeRules = { gap: 'skip', fold: 'both', endInclusive: false };
    for (const [zone, from] of [
      ['Europe/Berlin', '2026-10-24T22:00Z'],
      ['Australia/Lord_Howe', '2026-04-04T12:00Z'],
      ['America/St_Johns', '2026-11-01T02:00Z'],
    ] as const) {
      for (const [a, b] of [
        ['01:35', '01:55'],
        ['00:10', '02:30'],
        ['02:20', '05:00'],
        ['23:00', '02:10'],
        ['01:00', '01:00'],
      ] as const) {
        for (let ms = at(from); ms < at(from) + 8 * hourMs; ms += 5 * minuteMs) {
          const read = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainTime().toString().slice(0, 5);
          const inside = a < b ? read >= a && read < b : read >= a || read < b;
          expect(isOpen(daily(zone, a, b), ms, rules), `${zone} ${a}-${b} at ${read}`).toBe(inside);
        }
      }
    }
  });
});

describe('windows', () => {
  test('overnight, week wrap, leap day, year end, 2038, odd offset', ({ expect }) => {
    expect(openings(daily('Europe/Berlin', '22:00', '06:00'), '2026-12-31T12:00Z', '2027-01-01T12:00Z')).toEqual([
      '2026-12-31T21:00',
      '2027-01-01T05:00',
    ]);
    const sunday = daily('Europe/Berlin', '22:00', '06:00', 'FREQ=WEEKLY;BYDAY=SU');
    expect(openings(sunday, '2026-06-01T12:00Z', '2026-06-15T12:00Z')).toEqual([
      '2026-06-07T20:00',
      '2026-06-08T04:00',
      '2026-06-14T20:00',
      '2026-06-15T04:00',
    ]);
    expect(openings(daily('UTC', '10:00', '11:00', 'FREQ=WEEKLY;BYDAY=TU'), '2028-02-28T00:00Z', '2028-03-02T00:00Z')).toEqual([
      '2028-02-29T10:00',
      '2028-02-29T11:00',
    ]);
    expect(openings(daily('UTC', '03:00', '04:00'), '2038-01-19T00:00Z', '2038-01-20T00:00Z')).toEqual([
      '2038-01-19T03:00',
      '2038-01-19T04:00',
    ]);
    expect(openings(daily('Asia/Kathmandu', '00:00', '00:30'), '2026-05-01T00:00Z', '2026-05-02T00:00Z')).toEqual([
      '2026-05-01T18:15',
      '2026-05-01T18:45',
    ]);
  });
  test('both ends to the millisecond, inclusive and exclusive', ({ expect }) => {
    const window: Window = { startMs: 1000, endMs: 2000, zone: 'UTC', recurrence: null };
    const read = (endInclusive: boolean) =>
      [999, 1000, 1999, 2000, 2001].map((ms) => isOpen(window, ms, { ...plain, endInclusive }));
    expect(read(false)).toEqual([false, true, true, false, false]);
    expect(read(true)).toEqual([false, true, true, true, false]);
    expect(edges(window, 0, 9999, { ...plain, endInclusive: true })).toEqual([1000, 2001]);
    const recurring = daily('UTC', '10:00', '11:00');
    const eleven = at('2026-01-01T11:00Z');
    expect([isOpen(recurring, eleven, plain), isOpen(recurring, eleven, { ...plain, endInclusive: true })]).toEqual([
      false,
      true,
    ]);
  });
  test('an occurrence is cut by the ends of the window; touching occurrences are one opening', ({ expect }) => {
    const cut: Window = { ...daily('UTC', '22:00', '06:00'), startMs: at('2026-01-02T01:00Z'), endMs: at('2026-01-02T23:00Z') };
    expect(openings(cut, '2026-01-01T00:00Z', '2026-01-04T00:00Z')).toEqual([
      '2026-01-02T01:00',
      '2026-01-02T06:00',
      '2026-01-02T22:00',
      '2026-01-02T23:00',
    ]);
    expect(openings(daily('UTC', '00:00', '00:00'), '2026-01-01T12:00Z', '2026-02-01T12:00Z')).toEqual([]);
    expect(isOpen(daily('UTC', '00:00', '00:00'), at('2026-01-05T00:00Z'), plain)).toBe(true);
  });
  test('isOpen flips exactly at the edges', ({ expect }) => {
    const windows = [
      daily('Europe/Berlin', '02:15', '02:45'),
      daily('Europe/Berlin', '20:00', '02:30', 'FREQ=WEEKLY;BYDAY=SA,SU'),
      { ...daily('America/New_York', '00:30', '00:30'), startMs: at('2026-10-20T00:00Z') },
    ];
    for (const window of windows) {
      for (const gap of ['skip', 'shift'] as const) {
        for (const fold of ['first', 'both'] as const) {
          for (const endInclusive of [false, true]) {
            const rules: TimeRules = { gap, fold, endInclusive };
            for (const [from, to] of [
              [at('2026-03-27T00:00Z'), at('2026-03-31T00:00Z')],
              [at('2026-10-23T00:00Z'), at('2026-11-03T00:00Z')],
            ] as const) {
              const flips = edges(window, from, to, rules);
              for (const ms of flips) expect(isOpen(window, ms, rules)).toBe(!isOpen(window, ms - 1, rules));
              const seen = new Set(flips.map((ms) => Math.ceil(ms / (5 * minuteMs))));
              for (let ms = from + 5 * minuteMs; ms <= to; ms += 5 * minuteMs) {
                const changed = isOpen(window, ms, rules) !== isOpen(window, ms - 5 * minuteMs, rules);
                if (changed) expect(seen.has(ms / (5 * minuteMs)), toRfc3339(ms)).toBe(true);
              }
            }
          }
        }
      }
    }
  });
  test('edges are bounded', ({ expect }) => {
    expect(edges(daily('UTC', '10:00', '11:00'), 0, farMs, plain)).toHaveLength(maxEdges);
    expect(edges({ ...daily('UTC', '10:00', '11:00'), startMs: 5 * hourMs, endMs: 2 * hourMs }, 0, farMs, plain)).toEqual([]);
  });
  test('problems', ({ expect }) => {
    const from = at('2026-06-01T00:00Z');
    const window = (change: Partial<Window>): Window => ({
      startMs: from,
      endMs: from + hourMs,
      zone: 'UTC',
      recurrence: null,
      ...change,
    });
    expect(windowProblem(window({}))).toBeNull();
    expect(windowProblem(window({ startMs: null, endMs: null }))).toBeNull();
    expect(windowProblem(window({ endMs: from - 1 }))).toBe('inverted');
    expect(windowProblem(window({ endMs: from }))).toBe('empty');
    expect(windowProblem(window({ zone: 'Mars/Base' }))).toBe('zone');
    expect(windowProblem(window({ endMs: farMs }))).toBe('far');
    expect(windowProblem(window({ endMs: farMs - 1 }))).toBeNull();
    expect(windowProblem(window({ startMs: 0.5 }))).toBe('far');
    const rule = (text: string, a = '09:00', b = '17:00') =>
      windowProblem(window({ recurrence: { rule: text, from: a, to: b }, endMs: null }));
    expect(['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TU'].map((r) => rule(r))).toEqual([null, null]);
    for (const bad of [
      '',
      'FREQ=WEEKLY',
      'FREQ=MONTHLY',
      'FREQ=DAILY;COUNT=2',
      'FREQ=WEEKLY;BYDAY=XX',
      'FREQ=WEEKLY;BYDAY=1MO',
      'freq=daily',
    ])
      expect(rule(bad), bad).toBe('rule');
    expect(rule('FREQ=DAILY', '9:00')).toBe('rule');
    expect(rule('FREQ=DAILY', '09:00', '24:00')).toBe('rule');
    // 1 June 2026 is a Monday: no Tuesday in that hour.
    expect(windowProblem(window({ recurrence: { rule: 'FREQ=WEEKLY;BYDAY=TU', from: '00:00', to: '12:00' } }))).toBe('empty');
  });
});

test('RFC 3339 both ways', ({ expect }) => {
  expect(toRfc3339(at('2026-03-29T01:00Z'))).toBe('2026-03-29T01:00:00.000Z');
  expect(fromRfc3339('2026-03-29T03:00:00+02:00')).toBe(at('2026-03-29T01:00Z'));
  expect(fromRfc3339('2028-02-29t23:59:59.9996z')).toBe(at('2028-02-29T23:59:59.999Z'));
  for (const bad of [
    '2026-02-29T00:00:00Z',
    '2026-03-29 03:00:00Z',
    '2026-03-29T03:00:00',
    '2026-03-29',
    '2026-03-29T24:00:00Z',
    '1',
  ])
    expect(fromRfc3339(bad), bad).toBeNull();
  for (const ms of [0, 951_782_400_123, 2 ** 31 * 1000, farMs]) expect(fromRfc3339(toRfc3339(ms))).toBe(ms);
});
