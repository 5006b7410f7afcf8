import { describe, test } from 'vitest';
import type { Terms } from '../contract/grant.ts';
import type { Trace } from '../contract/trace.ts';
import { beliefAt, beliefs } from './belief.ts';
import type { Held } from './held.ts';
import { always, between, createOf, hourMs, traceOf, viewOf } from './trace.fixture.ts';

/** A state in a word: its PIN, and what of it is limited. */
const word = (held: Held): string =>
  held === 'absent'
    ? 'absent'
    : [held.pin, held.suspended && 'suspended', held.window.endMs !== null && 'until', held.uses !== null && `x${held.uses}`]
        .filter(Boolean)
        .join(' ');

function end(trace: Trace, grant = 'g1') {
  const story = beliefs(trace).get(grant);
  const last = story && beliefAt(story, trace.entries.length);
  const words = (all: readonly Held[] = []): readonly string[] => all.map(word).toSorted();
  return {
    device: words(last?.device),
    wish: words(last?.wish),
    confirmed: last?.confirmed,
    contradictions: story?.contradictions.map(({ field }) => field),
    vanished: story?.vanished,
    accepted: story?.accepted,
  };
}

/** One confirmed grant, and what is written after it. */
function told(write: (to: ReturnType<typeof traceOf>) => void, terms: Partial<Terms> = {}) {
  const to = traceOf();
  to.create('g1', terms);
  to.pass(1_000);
  to.read('g1', { window: terms.window ?? always, uses: terms.uses ?? null });
  to.pass(1_000);
  write(to);
  return end(to.trace());
}

describe('belief', () => {
  test('asked for it may be there, accepted it still may, confirmed it is', ({ expect }) => {
    const to = traceOf();
    const call = to.ask(createOf('g1'));
    expect(end(to.trace())).toMatchObject({ device: ['absent', 'plain1'], wish: ['absent', 'plain1'] });
    to.answer(call, viewOf('g1', { sync: 'pending' }));
    expect(end(to.trace())).toMatchObject({ device: ['absent', 'plain1'], wish: ['plain1'], confirmed: false });
    to.read('g1');
    expect(end(to.trace())).toMatchObject({ device: ['plain1'], wish: ['plain1'], confirmed: true, contradictions: [] });
  });
  test('what is refused changes nothing, and nothing exists of a refused create', ({ expect }) => {
    const refused = told((to) => to.refuse(to.ask({ do: 'revokeGrant', grant: 'g1' })));
    expect(refused).toMatchObject({ device: ['plain1'], wish: ['plain1'], confirmed: true });
    const to = traceOf();
    to.refuse(to.ask(createOf('g1')));
    expect(end(to.trace())).toMatchObject({ device: [], wish: [], accepted: false });
  });
  test('what is lost may have happened; a view says whether it did', ({ expect }) => {
    const lost = (view: () => Parameters<ReturnType<typeof traceOf>['read']>[1] | null) =>
      told((to) => {
        to.lose(to.ask({ do: 'revokeGrant', grant: 'g1' }));
        to.pass(10_000);
        const shown = view();
        if (shown) to.read('g1', shown);
      });
    expect(lost(() => null)).toMatchObject({ device: ['absent', 'plain1'], wish: ['absent', 'plain1'], confirmed: false });
    expect(lost(() => ({}))).toMatchObject({ device: ['plain1'], wish: ['plain1'], confirmed: true });
    expect(lost(() => ({ wish: 'revoked', sync: 'pending' }))).toMatchObject({ device: ['absent', 'plain1'], wish: ['absent'] });
    expect(lost(() => ({ wish: 'revoked' }))).toMatchObject({ device: ['absent'], wish: ['absent'], contradictions: [] });
  });
  test('while a call that was cut off may still be worked on, a view does not rule that out', ({ expect }) => {
    const soon = told((to) => {
      to.lose(to.ask({ do: 'revokeGrant', grant: 'g1' }));
      to.read('g1');
      to.pass(3_000);
      to.read('g1', { wish: 'revoked', sync: 'pending' });
    });
    expect(soon).toMatchObject({ device: ['absent', 'plain1'], wish: ['absent'], contradictions: [] });
  });
  test('a late call may arrive after the next one, but not for ever', ({ expect }) => {
    const late = told((to) => {
      to.lose(to.ask({ do: 'revokeGrant', grant: 'g1' }), 'late');
      to.change('g1', { pin: 'plain2' });
      to.pass(30_000);
      to.read('g1', { wish: 'revoked', sync: 'pending' });
    });
    expect(late).toMatchObject({ wish: ['absent'], contradictions: [] });
    const tooLate = told((to) => {
      to.lose(to.ask({ do: 'revokeGrant', grant: 'g1' }), 'late');
      to.pass(hourMs);
      to.read('g1');
      to.read('g1', { wish: 'revoked', sync: 'pending' });
    });
    expect(tooLate.contradictions).toHaveLength(1);
  });
  test('a change keeps what it does not name', ({ expect }) => {
    const window = between(null, hourMs);
    const changed = told((to) => to.change('g1', { suspended: true }, { wish: 'suspended', window }), { window });
    expect(changed).toMatchObject({ device: ['plain1 suspended until'], wish: ['plain1 suspended until'] });
  });
  test('accepted at once, both have happened, whichever came first', ({ expect }) => {
    const both = (last: 'revoke' | 'rename') =>
      told((to) => {
        const revoke = to.ask({ do: 'revokeGrant', grant: 'g1' });
        const rename = to.ask({ do: 'changeGrant', grant: 'g1', change: { name: 'lp-other' } });
        const answers = [
          () => to.answer(revoke, viewOf('g1', { wish: 'revoked', sync: 'pending' })),
          () => to.answer(rename, viewOf('g1', { name: 'lp-other', sync: 'pending' })),
        ];
        for (const answer of last === 'revoke' ? answers.toReversed() : answers) answer();
        to.pass(60_000);
        to.read('g1', { name: 'lp-other' });
      });
    // Shown as granted: the revocation was overwritten.
    for (const last of ['revoke', 'rename'] as const)
      expect(both(last)).toMatchObject({ wish: ['absent'], contradictions: ['wish'] });
  });
  test('two changes of one field at once end either way', ({ expect }) => {
    const either = told((to) => {
      const calls = ['plain2', 'plain3'].map((pin) => to.ask({ do: 'changeGrant', grant: 'g1', change: { pin } }));
      for (const call of calls) to.answer(call, viewOf('g1', { sync: 'pending' }));
    });
    expect(either).toMatchObject({ device: ['plain1', 'plain2', 'plain3'], wish: ['plain2', 'plain3'], contradictions: [] });
  });
  test('a read at the same time as a write shows the one or the other, a third thing contradicts', ({ expect }) => {
    const during = (shown: Parameters<typeof viewOf>[1]) =>
      told((to) => {
        const read = to.ask({ do: 'readGrant', grant: 'g1' });
        const revoke = to.ask({ do: 'revokeGrant', grant: 'g1' });
        to.answer(read, viewOf('g1', shown));
        to.answer(revoke, viewOf('g1', { wish: 'revoked', sync: 'pending' }));
      }).contradictions;
    expect(during({})).toEqual([]);
    expect(during({ wish: 'revoked', sync: 'pending' })).toEqual([]);
    expect(during({ wish: 'suspended' })).toEqual(['wish']);
  });
  test('removing a user takes the grants of that user, and of nobody else', ({ expect }) => {
    const to = traceOf();
    for (const user of ['u1', 'u2']) to.ok({ do: 'addUser', user, name: user }, { id: `id-${user}`, name: user });
    to.create('g1', { user: 'u1' }, { user: 'id-u1' });
    to.create('g2', { user: 'u2' }, { user: 'id-u2' });
    to.ok({ do: 'removeUser', user: 'u1' }, null);
    expect(end(to.trace(), 'g1').wish).toEqual(['absent']);
    expect(end(to.trace(), 'g2').wish).toEqual(['plain1']);
    to.read('g2', { user: 'id-u1' });
    expect(end(to.trace(), 'g2').contradictions).toEqual(['user']);
  });
  test('after a failed change the lock is as before, and the platform may want that again', ({ expect }) => {
    const failed = (write: (to: ReturnType<typeof traceOf>) => void) =>
      told((to) => {
        to.change('g1', { pin: 'plain2' });
        to.pass(30_000);
        to.read('g1', { pin: { kind: 'plain', pin: 'plain2' }, sync: 'failed' });
        write(to);
      });
    expect(failed(() => undefined)).toMatchObject({ device: ['plain1', 'plain2'], contradictions: [] });
    expect(failed((to) => to.read('g1', { pin: { kind: 'plain', pin: 'plain1' } }))).toMatchObject({
      device: ['plain1'],
      wish: ['plain1'],
      contradictions: [],
    });
    expect(failed((to) => to.read('g1', { pin: { kind: 'plain', pin: 'plain3' }, sync: 'failed' })).contradictions).toEqual([
      'pin',
    ]);
  });
  test('a repeat of what was made already makes nothing again', ({ expect }) => {
    const repeated = told((to) => {
      to.change('g1', { pin: 'plain2' });
      to.create('g1', { key: 'lp-key' });
    });
    expect(repeated).toMatchObject({ wish: ['plain2'], contradictions: [] });
  });
  test('each field that nobody asked for is a contradiction', ({ expect }) => {
    const shown = (view: Parameters<typeof viewOf>[1], terms: Partial<Terms> = {}) =>
      told((to) => to.read('g1', view), terms).contradictions;
    expect(shown({ wish: 'revoked' })).toEqual(['wish']);
    expect(shown({ pin: { kind: 'plain', pin: 'other' } })).toEqual(['pin']);
    expect(shown({ window: between(0, null) })).toEqual(['window']);
    expect(shown({ uses: 4 }, { uses: 3 })).toEqual(['uses']);
    expect(shown({ name: 'lp-another' })).toEqual(['name']);
    expect(shown({ lock: 'id-other' })).toEqual(['lock']);
    expect(shown({ uses: 1, window: null, pin: { kind: 'hashed' }, name: null }, { uses: 3 })).toEqual([]);
  });
  test('a grant that is over may be shown as revoked, one that is not may not', ({ expect }) => {
    const ended = (ms: number) =>
      told(
        (to) => {
          to.pass(ms);
          to.read('g1', { wish: 'revoked', window: between(null, hourMs) });
        },
        { window: between(null, hourMs) },
      ).contradictions;
    expect([ended(2 * hourMs), ended(1_000)]).toEqual([[], ['wish']]);
  });
  test('told missing: gone where that was wanted, vanished where it was in force', ({ expect }) => {
    const look = (to: ReturnType<typeof traceOf>) => to.refuse(to.ask({ do: 'readGrant', grant: 'g1' }), 'missing');
    const gone = told((to) => {
      to.revoke('g1');
      look(to);
    });
    expect(gone).toMatchObject({ device: ['absent'], confirmed: true, vanished: [] });
    expect(told(look)).toMatchObject({ device: ['plain1'], vanished: [7] });
    expect(told(look, { uses: 1 }).vanished).toEqual([]);
    const byHand = told((to) => {
      to.hand({ act: 'erase', pin: 'plain1' }, { keypad: 'accepted' });
      look(to);
    });
    expect(byHand.vanished).toEqual([]);
  });
});
