import { describe, test } from 'vitest';
import { told } from './acts.ts';
import { eventOf, startMs, traceOf } from './trace.fixture.ts';

/** A turn of the hand that draws the bolt, and what the feed says of it a minute later. */
function unlockedByHand(tell: (deviceMs: number) => readonly ReturnType<typeof eventOf>[]) {
  const to = traceOf();
  to.pass(10_000);
  to.moved('unlocked');
  to.hand({ act: 'turn', to: 'unlocked' }, { bolt: 'unlocked' });
  const atMs = startMs + to.now();
  to.pass(60_000);
  to.feed(tell(atMs));
  return told(to.trace());
}

const byHand = (id: string, deviceMs: number) =>
  eventOf(id, { verb: 'lock.unlocked', method: 'hand', deviceMs, platformMs: deviceMs });

describe('acts and events', () => {
  test('one act and its event are a pair', ({ expect }) => {
    const { pairs, untold, invented } = unlockedByHand((atMs) => [byHand('e1', atMs)]);
    expect([pairs.length, untold.length, invented.length]).toEqual([1, 0, 0]);
  });
  test('an act without an event is untold', ({ expect }) => {
    const { pairs, untold } = unlockedByHand(() => []);
    expect([pairs.length, untold.map(({ verb }) => verb)]).toEqual([0, ['lock.unlocked']]);
  });
  test('the same act told twice is once invented', ({ expect }) => {
    const { pairs, invented } = unlockedByHand((atMs) => [byHand('e1', atMs), byHand('e2', atMs)]);
    expect([pairs.length, invented.length]).toEqual([1, 1]);
  });
  test('an event of another hour is no report of it', ({ expect }) => {
    const { untold, invented } = unlockedByHand((atMs) => [byHand('e1', atMs + 3_600_000)]);
    expect([untold.length, invented.length]).toEqual([1, 1]);
  });
  test('a gap that covers the act excuses its silence', ({ expect }) => {
    const { untold } = unlockedByHand((atMs) => [
      eventOf('e1', { verb: 'log.gap', gap: { fromMs: atMs - 1_000, toMs: atMs + 1_000 } }),
    ]);
    expect(untold).toEqual([]);
  });
  test('what a gap covers takes no event from what had to be told', ({ expect }) => {
    const to = traceOf();
    to.pass(10_000);
    const turned = (): number => {
      to.moved('unlocked');
      to.hand({ act: 'turn', to: 'unlocked' }, { bolt: 'unlocked' });
      return startMs + to.now();
    };
    const lostMs = turned();
    to.pass(1_000);
    const toldMs = turned();
    to.pass(60_000);
    const gap = eventOf('e1', { verb: 'log.gap', gap: { fromMs: lostMs - 5_000, toMs: lostMs - 1_800 } });
    to.feed([gap, byHand('e2', toldMs)]);
    const { pairs, untold, invented } = told(to.trace());
    expect([pairs.map(({ act }) => act.atMs), untold, invented]).toEqual([[toldMs], [], []]);
  });
  test('what is read too early may still come', ({ expect }) => {
    const to = traceOf();
    to.moved('unlocked');
    to.hand({ act: 'turn', to: 'unlocked' }, { bolt: 'unlocked' });
    to.feed([]);
    expect(told(to.trace()).untold).toEqual([]);
  });
  test('a command to a bolt that was there already may be told, whatever moves the bolt next', ({ expect }) => {
    const afterIdle = (next: (to: ReturnType<typeof traceOf>) => void) => {
      const to = traceOf();
      to.moved('unlocked');
      to.hand({ act: 'turn', to: 'unlocked' }, { bolt: 'unlocked' });
      to.pass(10_000);
      const ms = startMs + to.now();
      to.ok({ do: 'unlock', lock: 'door' }, { id: 'o1', state: 'done', cause: null });
      const remote = eventOf('e2', { verb: 'lock.unlocked', method: 'remote', deviceMs: ms, platformMs: ms });
      to.pass(100);
      to.moved('locked');
      to.hand({ act: 'turn', to: 'locked' });
      next(to);
      const nextMs = startMs + to.now();
      to.pass(60_000);
      to.feed([byHand('e1', startMs), remote, { ...remote, id: 'e3', deviceMs: nextMs, platformMs: nextMs }]);
      return told(to.trace()).invented.length;
    };
    const byHandAgain = afterIdle((to) => {
      to.moved('unlocked');
      to.hand({ act: 'turn', to: 'unlocked' }, { bolt: 'unlocked' });
    });
    const byCommand = afterIdle((to) => {
      const call = to.ask({ do: 'unlock', lock: 'door' });
      to.moved('unlocked');
      to.answer(call, { id: 'o2', state: 'done', cause: null });
    });
    expect([byHandAgain, byCommand]).toEqual([0, 0]);
    // Nothing moves it next: the command is told once, and not again.
    expect(afterIdle(() => undefined)).toBe(1);
  });
});
