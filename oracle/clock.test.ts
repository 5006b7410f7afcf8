import { describe, test } from 'vitest';
import { clockBounds } from './clock.ts';
import { dayMs, hourMs, type Otherwise, startMs, traceOf } from './trace.fixture.ts';

const minuteMs = 60_000;
const usual = 500 + 1_000;
const off = { act: 'power', on: false } as const;
const on = { act: 'power', on: true } as const;
const cut = { on: 'lock', happens: 'cut' } as const;
const heal = { on: 'lock', happens: 'heal' } as const;

/** A trace, and the bounds of its clock at a time from the start. */
const told = (write: (to: ReturnType<typeof traceOf>) => void, otherwise: Otherwise = {}) => {
  const to = traceOf(otherwise);
  write(to);
  const bounds = clockBounds(to.trace());
  return (ms: number) => bounds(startMs + ms);
};

describe('bounds of the clock', () => {
  test('in reach: a sync interval of drift and the resolution, for ever', ({ expect }) => {
    const at = told(() => undefined);
    const quiet = { loMs: -usual, hiMs: usual, known: 'yes', disturbed: false };
    expect([at(0), at(300 * dayMs)]).toEqual([quiet, quiet]);
  });
  test('out of reach it drifts on, and is set again after the way back', ({ expect }) => {
    const at = told((to) => {
      to.pass(hourMs);
      to.weather(cut);
      to.pass(10 * dayMs);
      to.weather(heal);
      to.pass(dayMs);
    });
    const backMs = hourMs + 10 * dayMs;
    expect(at(backMs - 1).hiMs).toBeCloseTo(20_000 + usual, -1);
    expect(at(backMs + 14_000).hiMs).toBeGreaterThan(20_000);
    expect(at(backMs + 15_000).hiMs).toBe(usual);
  });
  test('a platform that restarts meanwhile brings nobody back into reach', ({ expect }) => {
    const at = told((to) => {
      to.weather(cut);
      to.pass(10 * dayMs);
      to.weather({ on: 'platform', happens: 'restart' });
      to.pass(hourMs);
    });
    expect(at(10 * dayMs + hourMs).hiMs).toBeGreaterThan(20_000);
  });
  test('a step is felt to its own side until the clock must have been set', ({ expect }) => {
    const at = told((to) => {
      to.hand({ act: 'stepClock', byMs: 3 * hourMs });
      to.hand({ act: 'stepClock', byMs: -minuteMs });
      to.pass(dayMs);
    });
    expect(at(hourMs)).toEqual({ loMs: -usual - minuteMs, hiMs: usual + 3 * hourMs, known: 'yes', disturbed: true });
    expect(at(6 * hourMs + 15_000)).toEqual({ loMs: -usual, hiMs: usual, known: 'yes', disturbed: false });
  });
  test('a step out of reach is felt until the clock has been in reach for as long as it may take to be set', ({ expect }) => {
    const at = told((to) => {
      to.weather(cut);
      to.hand({ act: 'stepClock', byMs: -hourMs });
      to.pass(dayMs);
      to.weather(heal);
      to.pass(dayMs);
    });
    const dueMs = dayMs + 6 * hourMs + 15_000;
    expect([at(dayMs + hourMs).disturbed, at(dueMs - 1).disturbed, at(dueMs).disturbed]).toEqual([true, true, false]);
  });
  test('a platform that restarts need not set the clock before it is due', ({ expect }) => {
    const at = told((to) => {
      to.pass(hourMs);
      to.hand({ act: 'stepClock', byMs: hourMs });
      to.pass(minuteMs);
      to.weather({ on: 'platform', happens: 'restart' });
      to.pass(dayMs);
    });
    expect([at(2 * hourMs).disturbed, at(7 * hourMs).disturbed, at(8 * hourMs).disturbed]).toEqual([true, true, false]);
  });
  test('after a loss of power: unknown while nobody can set it, then perhaps, then known', ({ expect }) => {
    const at = told((to) => {
      to.weather(cut);
      to.hand(off);
      to.pass(hourMs);
      to.hand(on);
      to.pass(hourMs);
      to.weather(heal);
      to.pass(hourMs);
    });
    expect([hourMs, 2 * hourMs - 1, 2 * hourMs + 1, 2 * hourMs + 15_000].map((ms) => at(ms).known)).toEqual([
      'no',
      'no',
      'maybe',
      'yes',
    ]);
  });
  test('a clock that survives stays known', ({ expect }) => {
    const at = told(
      (to) => {
        to.weather(cut);
        to.hand(off);
        to.pass(hourMs);
        to.hand(on);
      },
      { time: { keepsClock: true } },
    );
    expect(at(hourMs)).toMatchObject({ known: 'yes', disturbed: false });
  });
});
