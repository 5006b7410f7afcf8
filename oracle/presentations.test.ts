import { describe, test } from 'vitest';
import { presentations } from './presentations.ts';
import { between, hourMs, traceOf } from './trace.fixture.ts';

type Writer = ReturnType<typeof traceOf>;

/** What must become of the last presentation, and why it must be denied. */
function last(write: (to: Writer) => void): string {
  const to = traceOf();
  write(to);
  const one = presentations(to.trace()).at(-1);
  return one ? `${one.must}${one.cause === null ? '' : ` ${one.cause}`}` : 'none';
}

const set = (to: Writer): void => {
  to.create('g1', { pin: 'plain1' });
  to.pass(1_000);
  to.read('g1');
};

describe('what must become of a presentation', () => {
  test('a confirmed code opens', ({ expect }) => {
    expect(last((to) => (set(to), to.present('plain1', 'accepted')))).toBe('open');
  });
  test('a code that is not yet confirmed may open', ({ expect }) => {
    expect(last((to) => (to.create('g1', { pin: 'plain1' }), to.present('plain1', 'denied')))).toBe('either');
  });
  test('a revocation that is pending leaves it open, one that is confirmed does not', ({ expect }) => {
    const pending = (to: Writer): void => (set(to), to.revoke('g1'));
    expect(last((to) => (pending(to), to.present('plain1', 'accepted')))).toBe('either');
    const gone = (to: Writer): void => (pending(to), to.pass(1_000), to.read('g1', { wish: 'revoked' }));
    expect(last((to) => (gone(to), to.present('plain1', 'accepted')))).toBe('deny revoked');
  });
  test('a lost revocation leaves both possible', ({ expect }) => {
    const lost = (to: Writer): void => (set(to), to.lose(to.ask({ do: 'revokeGrant', grant: 'g1' })));
    expect(last((to) => (lost(to), to.present('plain1', 'accepted')))).toBe('either');
  });
  test('a refused revocation changes nothing', ({ expect }) => {
    const refused = (to: Writer): void => (set(to), to.refuse(to.ask({ do: 'revokeGrant', grant: 'g1' })));
    expect(last((to) => (refused(to), to.present('plain1', 'accepted')))).toBe('open');
  });
  test('the old PIN after a confirmed change is taken away, the new one opens', ({ expect }) => {
    const changed = (to: Writer): void => (set(to), to.change('g1', { pin: 'plain2' }), to.pass(1_000), to.read('g1'));
    expect(last((to) => (changed(to), to.present('plain1', 'denied')))).toBe('deny narrowed');
    expect(last((to) => (changed(to), to.present('plain2', 'accepted')))).toBe('open');
  });
  test('windows: before, inside, at the edge, after', ({ expect }) => {
    const at = (ms: number): string =>
      last((to) => {
        const window = between(hourMs, 2 * hourMs);
        to.create('g1', { pin: 'plain1', window });
        to.pass(1_000);
        to.read('g1', { window });
        to.pass(ms - 1_000);
        to.present('plain1', 'denied');
      });
    expect([hourMs / 2, 1.5 * hourMs, hourMs, 2.5 * hourMs].map(at)).toEqual(['deny window', 'open', 'either', 'deny window']);
  });
  test('nobody opens with a code that was never granted', ({ expect }) => {
    expect(last((to) => (set(to), to.present('plain7', 'denied')))).toBe('deny never');
  });
  test('a refused creation grants nothing', ({ expect }) => {
    const refused = (to: Writer): void =>
      to.refuse(
        to.ask({
          do: 'createGrant',
          grant: 'g1',
          user: null,
          lock: 'door',
          name: 'lp-g1',
          pin: 'plain1',
          window: between(null, null),
          uses: null,
        }),
      );
    expect(last((to) => (refused(to), to.present('plain1', 'accepted')))).toBe('deny refused');
  });
  test('a lockout excuses a denial', ({ expect }) => {
    const wrong = (to: Writer): void => [1, 2, 3].forEach((i) => to.present(`plain5${i}`, 'denied'));
    expect(last((to) => (set(to), wrong(to), to.present('plain1', 'locked-out')))).toBe('either');
    const later = (to: Writer): void => (set(to), wrong(to), to.pass(hourMs));
    expect(last((to) => (later(to), to.present('plain1', 'accepted')))).toBe('open');
  });
  test('what is left of a lockout may wait for the power', ({ expect }) => {
    const wrong = (to: Writer): void => [1, 2, 3].forEach((i) => to.present(`plain5${i}`, 'denied'));
    const cut = (to: Writer): void => {
      set(to);
      wrong(to);
      to.hand({ act: 'power', on: false });
      to.pass(hourMs);
      to.hand({ act: 'power', on: true });
    };
    expect(last((to) => (cut(to), to.present('plain1', 'denied')))).toBe('either');
    expect(last((to) => (cut(to), to.pass(hourMs), to.present('plain1', 'accepted')))).toBe('open');
  });
});
