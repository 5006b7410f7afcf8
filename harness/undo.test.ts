import { describe, test } from 'vitest';
import { declared, traceOf } from '../oracle/trace.fixture.ts';
import { hasSpell, isDrawn, isInMode, undoing } from './undo.ts';

const after = (write: (to: ReturnType<typeof traceOf>) => void) => {
  const to = traceOf();
  write(to);
  return undoing(to.trace().entries, declared);
};

describe('a door is put back as it was found', () => {
  test('where no hand did anything nothing is undone', ({ expect }) => {
    expect(after((to) => to.create('g1'))).toEqual({ acts: [], waitMs: 0 });
  });
  test('power, shade, block, battery, door and codes, in an order that works', ({ expect }) => {
    const { acts } = after((to) => {
      to.hand({ act: 'enrol', pin: 'plain1' }, { keypad: 'accepted' });
      to.hand({ act: 'enrol', pin: 'plain2' }, { keypad: 'accepted' });
      to.hand({ act: 'erase', pin: 'plain2' }, { keypad: 'accepted' });
      to.hand({ act: 'block', on: true });
      to.hand({ act: 'battery', percent: 10 });
      to.hand({ act: 'power', on: false });
      to.weather({ on: 'lock', happens: 'cut' });
      to.hand({ act: 'door', to: 'open' });
    });
    expect(acts).toEqual([
      { act: 'block', on: false },
      { act: 'battery', percent: 100 },
      { act: 'power', on: true },
      { act: 'shade', on: false },
      { act: 'erase', pin: 'plain1' },
      { act: 'door', to: 'closed' },
      { act: 'turn', to: 'locked' },
    ]);
  });
  test('a clock that was stepped forgets it with its power; one that keeps its time is stepped back', ({ expect }) => {
    const stepped = traceOf();
    stepped.hand({ act: 'stepClock', byMs: 3_600_000 });
    const { entries } = stepped.trace();
    expect(undoing(entries, declared).acts.slice(0, 2)).toEqual([
      { act: 'power', on: false },
      { act: 'power', on: true },
    ]);
    const keeping = { ...declared, time: { ...declared.time, keepsClock: true } };
    expect(undoing(entries, keeping).acts[0]).toEqual({ act: 'stepClock', byMs: -3_600_000 });
  });
  test('a lock that was set to a mode and not back is known', ({ expect }) => {
    const to = traceOf();
    to.ask({ do: 'setMode', lock: 'door', mode: 'vacation' });
    expect(isInMode(to.trace().entries)).toBe(true);
    to.ask({ do: 'setMode', lock: 'door', mode: 'normal' });
    to.ask({ do: 'setMode', lock: 'door2', mode: 'privacy' });
    expect(isInMode(to.trace().entries)).toBe(false);
  });
  test('a lock that was set to a mode for a time, which was not taken away, is known', ({ expect }) => {
    const to = traceOf();
    expect(hasSpell(to.trace().entries)).toBe(false);
    to.ask({ do: 'scheduleMode', lock: 'door', mode: 'vacation', startMs: 1_000, endMs: 2_000 });
    expect(hasSpell(to.trace().entries)).toBe(true);
    to.ask({ do: 'clearModes', lock: 'door2' });
    expect(hasSpell(to.trace().entries)).toBe(true);
    to.ask({ do: 'clearModes', lock: 'door' });
    expect(hasSpell(to.trace().entries)).toBe(false);
  });
  test('a bolt that was left drawn is known, whoever drew it, and one that was thrown since', ({ expect }) => {
    const to = traceOf();
    expect(isDrawn(to.trace().entries)).toBe(false);
    to.ask({ do: 'unlock', lock: 'door' });
    expect(isDrawn(to.trace().entries)).toBe(true);
    to.hand({ act: 'turn', to: 'locked' }, { bolt: 'locked' });
    expect(isDrawn(to.trace().entries)).toBe(false);
    to.present('plain1', 'accepted');
    expect(isDrawn(to.trace().entries)).toBe(true);
  });
  test('a keypad that may be locked out is waited for', ({ expect }) => {
    const { waitMs } = after((to) => {
      for (let i = 0; i < declared.limits.wrongCodes; i++) to.present('plain9', 'denied');
    });
    expect(waitMs).toBe(declared.limits.lockoutMs);
  });
});
