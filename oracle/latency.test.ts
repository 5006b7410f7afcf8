import { describe, test } from 'vitest';
import { latencies } from './latency.ts';
import { between, type createOf, hourMs, traceOf, viewOf } from './trace.fixture.ts';

type Writer = ReturnType<typeof traceOf>;

const secondMs = 1_000;
/** How long a presentation takes that opens, in traces by hand. */
const openingMs = 600;
const cut = { on: 'lock', happens: 'cut' } as const;
const heal = { on: 'lock', happens: 'heal' } as const;

const control = (to: Writer): void => to.present('plain99', 'accepted');

/** Two confirmed grants, the control and the one that is revoked, whose code opens. */
function begun(made: Parameters<typeof createOf>[1] = {}): Writer {
  const to = traceOf();
  to.create('g0', { pin: 'plain99' });
  to.create('g1', { pin: 'plain1', ...made });
  to.pass(secondMs);
  to.read('g0');
  to.read('g1', { window: made.window ?? viewOf('g1').window, uses: made.uses ?? null });
  control(to);
  to.present('plain1', 'accepted');
  return to;
}

/** What is measured at the keypad of what is written after that. */
function keypad(write: (to: Writer) => void, made: Parameters<typeof createOf>[1] = {}): readonly number[] {
  const to = begun(made);
  write(to);
  return latencies(to.trace()).keypad;
}

describe('by the word of the API', () => {
  test('from asking to the first view that says it is done', ({ expect }) => {
    const to = begun();
    to.revoke('g1');
    to.pass(4 * secondMs);
    to.read('g1', { wish: 'revoked', sync: 'pending' });
    to.pass(3 * secondMs);
    to.read('g1', { wish: 'revoked' });
    const { grant, revocation, keypad: none } = latencies(to.trace());
    expect([grant, revocation, none]).toEqual([[secondMs, secondMs], [7 * secondMs], []]);
  });

  test('what was only looked for after its limit is not known to be slow', ({ expect }) => {
    const looked = (...atMs: readonly number[]): readonly number[] => {
      const to = begun();
      to.revoke('g1');
      for (const [i, ms] of atMs.entries()) {
        to.pass(ms - (atMs[i - 1] ?? 0));
        to.read('g1', { wish: 'revoked', sync: i === atMs.length - 1 ? 'confirmed' : 'pending' });
      }
      return latencies(to.trace()).revocation;
    };
    expect(looked(hourMs)).toEqual([]);
    expect(looked(19 * secondMs, hourMs)).toEqual([]);
    expect(looked(21 * secondMs, hourMs)).toEqual([hourMs]);
  });
});

describe('at the keypad', () => {
  test('from asking to the end of the first presentation that is denied, not to what the API says', ({ expect }) => {
    const write = (to: Writer): void => {
      to.revoke('g1');
      to.read('g1', { wish: 'revoked', sync: 'pending' });
      to.pass(4 * secondMs);
      to.present('plain1', 'accepted');
      to.pass(3 * secondMs);
      to.present('plain1', 'denied');
      control(to);
      to.pass(secondMs);
      to.present('plain1', 'denied');
      to.read('g1', { wish: 'revoked' });
    };
    expect(keypad(write)).toEqual([7 * secondMs + openingMs]);
  });

  test('a code that opens once more had not stopped before', ({ expect }) => {
    const write = (to: Writer): void => {
      to.revoke('g1');
      to.pass(secondMs);
      to.present('plain1', 'denied');
      to.present('plain1', 'accepted');
      to.pass(secondMs);
      to.present('plain1', 'denied');
      control(to);
    };
    expect(keypad(write)).toEqual([2 * secondMs + openingMs]);
    expect(keypad((to) => (write(to), to.present('plain1', 'accepted')))).toEqual([]);
  });

  test('over the limit only where it still opened beyond it', ({ expect }) => {
    const at = (openMs: number) => (to: Writer) => {
      to.revoke('g1');
      to.pass(openMs);
      to.present('plain1', 'accepted');
      to.pass(30 * secondMs - openMs);
      to.present('plain1', 'denied');
      control(to);
    };
    expect(keypad(at(19 * secondMs))).toEqual([]);
    expect(keypad(at(21 * secondMs))).toEqual([30 * secondMs + openingMs]);
  });

  const tried = (to: Writer): void => {
    to.pass(secondMs);
    to.present('plain1', 'denied');
    control(to);
  };
  test.for<readonly [string, readonly number[], (to: Writer) => void]>([
    ['a revocation that was accepted', [secondMs], (to) => (to.revoke('g1'), tried(to))],
    ['one that was refused', [], (to) => (to.refuse(to.ask({ do: 'revokeGrant', grant: 'g1' })), tried(to))],
    ['one whose answer was lost', [], (to) => (to.lose(to.ask({ do: 'revokeGrant', grant: 'g1' })), tried(to))],
    ['nobody proves that the lock still decides', [], (to) => (to.revoke('g1'), to.present('plain1', 'denied'))],
    ['the keypad says nothing clear', [], (to) => (to.revoke('g1'), to.present('plain1', 'dead'), control(to))],
    ['out of reach meanwhile', [], (to) => (to.revoke('g1'), to.weather(cut), to.pass(1), to.weather(heal), tried(to))],
    ['another PIN by then', [], (to) => (to.change('g1', { pin: 'plain2' }), to.revoke('g1'), tried(to))],
    ['suspended by then', [], (to) => (to.change('g1', { suspended: true }), to.revoke('g1'), tried(to))],
    ['erased at the lock', [], (to) => (to.revoke('g1'), to.hand({ act: 'erase', pin: 'plain1' }), tried(to))],
    ['denied before it was revoked', [], (to) => (to.present('plain1', 'denied'), to.revoke('g1'), tried(to))],
  ])('counted or not: %s', ([, expected, write], { expect }) => {
    expect(keypad(write)).toEqual(expected);
  });

  test('a code that is given anew is another one', ({ expect }) => {
    const write = (to: Writer): void => {
      to.revoke('g1');
      tried(to);
      to.create('g2', { pin: 'plain1' });
      to.pass(secondMs);
      to.read('g2');
      to.present('plain1', 'accepted');
    };
    expect(keypad(write)).toEqual([secondMs]);
  });

  test('a window that has ended, a count that is used up, and a lockout deny for reasons of their own', ({ expect }) => {
    const revoked = (to: Writer): void => (to.revoke('g1'), tried(to));
    expect(keypad((to) => (to.pass(hourMs), revoked(to)), { window: between(null, hourMs) })).toEqual([]);
    expect(keypad(revoked, { uses: 1 })).toEqual([]);
    expect(keypad(revoked, { uses: 2 })).toEqual([secondMs]);
    const guess = (to: Writer): void => [5, 6, 7].forEach((n) => to.present(`plain${n}`, 'denied'));
    expect(keypad((to) => (guess(to), revoked(to)))).toEqual([]);
  });
});
