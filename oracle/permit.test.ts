import { describe, test } from 'vitest';
import type { Terms, Window } from '../contract/grant.ts';
import type { ClockBounds } from './clock.ts';
import { permits } from './permit.ts';
import { always, between, dayMs, declaring, hourMs, type Otherwise, startMs } from './trace.fixture.ts';

const right: ClockBounds = { loMs: -2_000, hiMs: 2_000, known: 'yes', disturbed: false };
const lost: ClockBounds = { ...right, known: 'no', disturbed: true };
const perhaps: ClockBounds = { ...lost, known: 'maybe' };
const terms = (window: Window, more: Partial<Terms> = {}): Terms => ({
  pin: 'plain1',
  window,
  uses: null,
  suspended: false,
  ...more,
});
/** At a time from the start, by an act that took half a second. */
const at = (window: Window, ms: number, clock = right, otherwise: Otherwise = {}) =>
  permits(terms(window), startMs + ms - 500, startMs + ms, clock, declaring(otherwise));

const hours = between(hourMs, 3 * hourMs);

describe('permits', () => {
  test('an hour on either side of an edge it is certain, within the error of the clock it is not', ({ expect }) => {
    const around = [0, hourMs - 2_600, hourMs - 2_000, hourMs, hourMs + 2_600, 2 * hourMs, 3 * hourMs, 4 * hourMs];
    expect(around.map((ms) => at(hours, ms))).toEqual(['no', 'no', 'edge', 'edge', 'yes', 'yes', 'edge', 'no']);
  });
  test('a long act may be decided at its beginning', ({ expect }) => {
    const [began, ended] = [startMs + 3 * hourMs - 10_000, startMs + 3 * hourMs + 10_000];
    expect(permits(terms(hours), began, ended, right, declaring({}))).toBe('edge');
  });
  test('the declared end is the end', ({ expect }) => {
    const exact: ClockBounds = { ...right, loMs: 0, hiMs: 0 };
    const ended = between(null, hourMs);
    const said = (endInclusive: boolean, ms: number) =>
      permits(terms(ended), startMs + ms, startMs + ms, exact, declaring({ time: { endInclusive } }));
    expect([said(false, hourMs - 2), said(false, hourMs + 2)]).toEqual(['yes', 'no']);
    expect([said(true, hourMs - 2), said(true, hourMs + 3)]).toEqual(['yes', 'no']);
  });
  test('what is set aside opens never, what has no limits always, whatever the clock shows', ({ expect }) => {
    expect(permits(terms(always, { suspended: true }), startMs, startMs, right, declaring({}))).toBe('no');
    expect([right, lost, perhaps].map((clock) => at(always, hourMs, clock))).toEqual(['yes', 'yes', 'yes']);
  });
  test('a lock that knows that its clock is wrong follows the declared rule', ({ expect }) => {
    const inside = 2 * hourMs;
    expect([at(hours, inside, lost), at(hours, 0, lost)]).toEqual(['no', 'no']);
    const trusting: Otherwise = { time: { unknownClock: 'last-known' } };
    expect([at(hours, inside, lost, trusting), at(hours, 9 * hourMs, lost, trusting)]).toEqual(['edge', 'edge']);
  });
  test('where the clock may have been set again, both ways are honest', ({ expect }) => {
    expect([at(hours, 2 * hourMs, perhaps), at(hours, 0, perhaps)]).toEqual(['edge', 'no']);
    const trusting: Otherwise = { time: { unknownClock: 'last-known' } };
    expect([at(hours, 2 * hourMs, perhaps, trusting), at(hours, 9 * hourMs, perhaps, trusting)]).toEqual(['edge', 'edge']);
  });
  test('recurrences open in the zone of the grant', ({ expect }) => {
    // The run starts on a Monday at 08:00 UTC, 09:00 in Berlin.
    const mornings: Window = { ...always, recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO', from: '10:00', to: '12:00' } };
    const times = [0, 2 * hourMs, 4 * hourMs, dayMs + 2 * hourMs, 7 * dayMs + 2 * hourMs];
    expect(times.map((ms) => at(mornings, ms))).toEqual(['no', 'yes', 'no', 'no', 'yes']);
  });
  test('a window that nobody can reckon is no reason to throw', ({ expect }) => {
    const nowhere: Window = { ...always, zone: 'Mars/Base', recurrence: { rule: 'FREQ=DAILY', from: '10:00', to: '12:00' } };
    const monthly: Window = { ...always, recurrence: { rule: 'FREQ=MONTHLY', from: '10:00', to: '12:00' } };
    expect([at(nowhere, 0), at(monthly, 0)]).toEqual(['edge', 'edge']);
  });
});
