import { describe, test } from 'vitest';
import type { ClockBounds } from './clock.ts';
import { lasts, lastsFrom, type Use } from './lasting.ts';
import { presentations } from './presentations.ts';
import { hourMs, traceOf } from './trace.fixture.ts';

const right: ClockBounds = { loMs: -1_000, hiMs: 1_000, known: 'yes', disturbed: false };
const lost: ClockBounds = { ...right, known: 'no' };
const use = (atMs: number, but: Partial<Use> = {}): Use => ({
  entry: atMs,
  fromMs: atMs,
  toMs: atMs,
  pin: 'plain1',
  isSure: true,
  clock: right,
  ...but,
});
const at = (ms: number, clock = right) => ({ beganMs: ms, atMs: ms, clock });

describe('a time from the first use on', () => {
  test('does not run before that, and is over once, whatever comes after it', ({ expect }) => {
    expect(lasts(hourMs, [], at(9 * hourMs))).toBe('yes');
    const used = [use(0), use(hourMs / 2)];
    const moments = [0, hourMs - 2_500, hourMs - 1_500, hourMs, hourMs + 1_500, hourMs + 2_500];
    expect(moments.map((ms) => lasts(hourMs, used, at(ms)))).toEqual(['yes', 'yes', 'edge', 'edge', 'edge', 'no']);
  });
  test('may have begun with what may have been a use', ({ expect }) => {
    const perhaps = [use(0, { isSure: false }), use(hourMs / 2)];
    expect([0.9, 1.2, 1.6].map((hours) => lasts(hourMs, perhaps, at(hours * hourMs)))).toEqual(['yes', 'edge', 'no']);
    expect(lasts(hourMs, [use(0, { isSure: false })], at(9 * hourMs))).toBe('edge');
  });
  test('is nobody’s to say while the clock is lost, or where it was at the first use', ({ expect }) => {
    expect([lasts(hourMs, [use(0)], at(9 * hourMs, lost)), lasts(hourMs, [use(0, { clock: lost })], at(9 * hourMs))]).toEqual([
      'edge',
      'edge',
    ]);
  });
  test('may begin anew with a new code or device', ({ expect }) => {
    const [old, now] = [use(0), use(hourMs)];
    expect([0.5, 1.5, 2.5].map((hours) => lastsFrom(hourMs, [[old, now], [now]], at(hours * hourMs)))).toEqual([
      'yes',
      'edge',
      'no',
    ]);
  });
});

type Writer = ReturnType<typeof traceOf>;

/** What must become of the last presentation, and why it must be denied. */
function last(write: (to: Writer) => void): string {
  const to = traceOf();
  to.create('g1', { pin: 'plain1', lastsMs: hourMs });
  to.pass(1_000);
  to.read('g1', { lastsMs: hourMs });
  write(to);
  const one = presentations(to.trace()).at(-1);
  return one ? `${one.must}${one.cause === null ? '' : ` ${one.cause}`}` : 'none';
}

describe('what must become of a presentation', () => {
  const enter = (to: Writer): void => to.present('plain1', 'accepted');
  test('unused it opens at any time, used it opens until its time is over', ({ expect }) => {
    expect(last((to) => (to.pass(9 * hourMs), enter(to)))).toBe('open');
    expect(last((to) => (enter(to), to.pass(hourMs / 2), enter(to)))).toBe('open');
    expect(last((to) => (enter(to), to.pass(hourMs / 2), enter(to), to.pass(0.7 * hourMs), enter(to)))).toBe('deny expired');
  });
  test('a denial is no use', ({ expect }) => {
    expect(last((to) => (to.present('plain1', 'denied'), to.pass(2 * hourMs), enter(to)))).toBe('open');
  });
  test('what may have been the use of another grant leaves it open', ({ expect }) => {
    const both = (to: Writer): void => {
      to.create('g2', { pin: 'plain1' });
      to.pass(1_000);
      to.read('g2');
      enter(to);
      to.revoke('g2');
      to.pass(1_000);
      to.read('g2', { wish: 'revoked' });
    };
    expect(last((to) => (both(to), to.pass(2 * hourMs), enter(to)))).toBe('either');
  });
});
