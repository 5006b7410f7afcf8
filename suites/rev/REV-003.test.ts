import { describe, test } from 'vitest';
import type { Window } from '../../contract/grant.ts';
import { between, traceOf } from '../../oracle/trace.fixture.ts';
import { requirement } from './REV-003.ts';

const cut = { on: 'lock', happens: 'cut' } as const;

/** What is said of a trace in which a confirmed grant, and a lock that then goes out of reach, come first. */
function told(write: (to: ReturnType<typeof traceOf>) => void): string {
  const to = traceOf();
  to.create('g1');
  to.read('g1');
  to.pass(1_000);
  to.weather(cut);
  to.pass(1_000);
  write(to);
  return requirement.judge(to.trace()).kind;
}

describe('nothing is confirmed by a lock that is out of reach', () => {
  test('pending is honest, confirmed is not, also in the answer to the revocation itself', ({ expect }) => {
    expect(told((to) => to.revoke('g1'))).toBe('pass');
    expect(told((to) => to.revoke('g1', { sync: 'confirmed' }))).toBe('fail');
    const later = told((to) => {
      to.revoke('g1');
      to.pass(60_000);
      to.read('g1', { wish: 'revoked' });
    });
    expect(later).toBe('fail');
  });
  test('a create that never left the platform may be taken back at once', ({ expect }) => {
    const never = told((to) => {
      to.create('g2');
      to.revoke('g2', { sync: 'confirmed' });
    });
    expect(never).toBe('pass');
  });
  test('a new PIN is not on the lock, though a masked view looks as before', ({ expect }) => {
    expect(told((to) => to.change('g1', { pin: 'plain2' }, { sync: 'confirmed' }))).toBe('fail');
  });
  test('what the lock held before, and a change that it need not hear of, prove nothing', ({ expect }) => {
    const idle = told((to) => {
      to.read('g1');
      to.change('g1', { name: 'lp-other' }, { name: 'lp-other', sync: 'confirmed' });
    });
    expect(idle).toBe('inconclusive');
  });
  test('a code that had come to its end by itself before the cut may have been cleared before it', ({ expect }) => {
    const ended = (made: { window?: Window; uses?: number }, uses: number): string => {
      const to = traceOf();
      to.create('g1', made);
      to.read('g1', made);
      for (let use = 0; use < uses; use++) to.present('plain1', 'accepted');
      to.pass(60_000);
      to.weather(cut);
      to.pass(1_000);
      to.revoke('g1', { sync: 'confirmed' });
      return requirement.judge(to.trace()).kind;
    };
    expect(ended({ window: between(null, 30_000) }, 0)).toBe('inconclusive');
    expect(ended({ uses: 2 }, 2)).toBe('inconclusive');
    expect(ended({ window: between(null, 600_000) }, 0)).toBe('fail');
    expect(ended({ uses: 2 }, 1)).toBe('fail');
  });
  test('after the way back it may be confirmed', ({ expect }) => {
    const back = told((to) => {
      to.revoke('g1');
      to.weather({ on: 'lock', happens: 'heal' });
      to.pass(1_000);
      to.read('g1', { wish: 'revoked' });
    });
    expect(back).toBe('pass');
  });
});
