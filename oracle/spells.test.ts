import { describe, test } from 'vitest';
import type { Mode } from '../contract/mode.ts';
import { modeTurns } from './mode.ts';
import { presentations } from './presentations.ts';
import { declared, startMs, traceOf } from './trace.fixture.ts';

type Writer = ReturnType<typeof traceOf>;

/** Beyond what the lock's clock may be off, ms. */
const offMs = declared.time.resolutionMs + declared.time.driftMsPerDay;
const [fromMs, toMs] = [100_000, 200_000];

let made = 0;
const done = (to: Writer, command: Parameters<Writer['ask']>[0]): void => {
  made += 1;
  to.ok(command, { id: `op${made}`, state: 'done', cause: null });
};
const schedule = (to: Writer, mode: Mode): void =>
  done(to, { do: 'scheduleMode', lock: 'door', mode, startMs: startMs + fromMs, endMs: startMs + toMs });
const set = (to: Writer, mode: Mode): void => done(to, { do: 'setMode', lock: 'door', mode });
const clear = (to: Writer): void => done(to, { do: 'clearModes', lock: 'door' });

/** The modes that the lock may be in, so many ms after the start; nothing happens any more after what was written. */
const at = (ms: number, write: (to: Writer) => void): string => {
  const to = traceOf();
  write(to);
  const last = to.trace().entries.at(-1)?.atMs ?? startMs;
  to.pass(Math.max(0, startMs + ms - last));
  to.ok({ do: 'readLock', lock: 'door' }, null);
  const turn = modeTurns(to.trace()).findLast(({ atMs }) => atMs <= startMs + ms);
  return [...(turn?.may ?? [])].toSorted().join(' or ');
};

describe('a mode for a spell of time', () => {
  test('is in force in its time by a clock that may be off, between entries too', ({ expect }) => {
    const vacation = (to: Writer): void => (set(to, 'passage'), schedule(to, 'vacation'));
    expect(at(fromMs - offMs, vacation)).toBe('passage');
    expect(at(fromMs, vacation)).toBe('passage or vacation');
    expect(at(fromMs + offMs, vacation)).toBe('vacation');
    expect(at(toMs - offMs, vacation)).toBe('vacation');
    expect(at(toMs, vacation)).toBe('passage or vacation');
    expect(at(toMs + offMs, vacation)).toBe('passage');
    const later = traceOf();
    vacation(later);
    later.pass(3 * toMs);
    later.ok({ do: 'readLock', lock: 'door' }, null);
    expect(modeTurns(later.trace()).map(({ may }) => [...may].toSorted().join(' or '))).toEqual([
      'normal',
      'normal or passage',
      'passage',
      'passage or vacation',
      'vacation',
      'passage or vacation',
      'passage',
    ]);
  });
  test('may have been taken, or taken away, where nobody told', ({ expect }) => {
    const middle = (fromMs + toMs) / 2;
    const command = {
      do: 'scheduleMode',
      lock: 'door',
      mode: 'vacation',
      startMs: startMs + fromMs,
      endMs: startMs + toMs,
    } as const;
    expect(at(middle, (to) => to.lose(to.ask(command)))).toBe('normal or vacation');
    expect(at(middle, (to) => to.refuse(to.ask(command)))).toBe('normal');
    expect(at(middle, (to) => (schedule(to, 'vacation'), clear(to)))).toBe('normal');
    expect(at(middle, (to) => (schedule(to, 'vacation'), to.lose(to.ask({ do: 'clearModes', lock: 'door' }))))).toBe(
      'normal or vacation',
    );
    expect(at(middle, (to) => (schedule(to, 'vacation'), schedule(to, 'passage')))).toBe('passage');
  });
  test('may be over where another mode was set within it, or the clock is not known', ({ expect }) => {
    const within = (to: Writer): void => (schedule(to, 'vacation'), to.pass(fromMs + offMs), set(to, 'passage'));
    expect(at(fromMs + 2 * offMs, within)).toBe('passage or vacation');
    expect(at(toMs + offMs, within)).toBe('passage');
    const powerless = (to: Writer): void => {
      schedule(to, 'vacation');
      to.hand({ act: 'power', on: false });
      to.hand({ act: 'power', on: true });
    };
    expect(at(1_000, powerless)).toBe('normal or vacation');
  });
  test('of privacy begins behind a thrown bolt, and ends by a hand', ({ expect }) => {
    const behind = (bolt: 'locked' | 'unlocked') => (to: Writer) => {
      to.hand({ act: 'turn', to: bolt }, { bolt });
      schedule(to, 'privacy');
    };
    expect(at(fromMs + offMs, behind('locked'))).toBe('privacy');
    expect(at(fromMs + offMs, behind('unlocked'))).toBe('normal or privacy');
    const drawn = (to: Writer): void => {
      behind('locked')(to);
      to.pass(fromMs + offMs);
      to.hand({ act: 'turn', to: 'unlocked' }, { bolt: 'unlocked' });
    };
    expect(at(fromMs + 2 * offMs, drawn)).toBe('normal or privacy');
  });
  test('denies codes in its time, and leaves it open near an edge', ({ expect }) => {
    const must = [fromMs - offMs - 1, fromMs, fromMs + offMs, toMs + offMs].map((ms) => {
      const to = traceOf();
      to.create('g1');
      to.pass(1_000);
      to.read('g1');
      schedule(to, 'vacation');
      to.pass(startMs + ms - (to.trace().entries.at(-1)?.atMs ?? 0));
      to.present('plain1', 'denied');
      return presentations(to.trace()).at(-1)?.must;
    });
    expect(must).toEqual(['open', 'either', 'deny', 'open']);
  });
});
