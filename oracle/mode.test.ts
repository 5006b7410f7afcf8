import { describe, test } from 'vitest';
import type { Mode } from '../contract/mode.ts';
import { modeDuring, modeTurns, shuts } from './mode.ts';
import { presentations } from './presentations.ts';
import { declared, traceOf } from './trace.fixture.ts';

type Writer = ReturnType<typeof traceOf>;
type End = 'done' | 'failed' | 'pending';

let made = 0;
const set = (to: Writer, mode: Mode, end: End): void => {
  made += 1;
  const view = { id: `op${made}`, cause: null } as const;
  to.ok({ do: 'setMode', lock: 'door', mode }, { ...view, state: 'pending' });
  to.pass(1_000);
  to.ok({ do: 'readOperation', operation: 'newest' }, { ...view, state: end });
};

/** The modes that the lock may be in at the end. */
const last = (write: (to: Writer) => void): string => {
  const to = traceOf();
  write(to);
  return [...(modeTurns(to.trace()).at(-1)?.may ?? [])].toSorted().join(' or ');
};

describe('the modes that a lock may be in', () => {
  test('begin with normal, and change with what was told as done', ({ expect }) => {
    expect(last((to) => to.create('g1'))).toBe('normal');
    expect(last((to) => set(to, 'vacation', 'done'))).toBe('vacation');
    expect(last((to) => set(to, 'vacation', 'failed'))).toBe('normal');
    expect(last((to) => set(to, 'vacation', 'pending'))).toBe('normal or vacation');
    expect(last((to) => to.refuse(to.ask({ do: 'setMode', lock: 'door', mode: 'passage' })))).toBe('normal');
    expect(last((to) => set(to, 'vacation', 'done'))).toBe('vacation');
  });
  test('hold what was lost until it can no longer be done', ({ expect }) => {
    const lose = (to: Writer): void => to.lose(to.ask({ do: 'setMode', lock: 'door', mode: 'passage' }));
    expect(last((to) => (lose(to), set(to, 'vacation', 'done')))).toBe('passage or vacation');
    const laterMs = declared.timing.operateMs + declared.timing.callMs + 1;
    expect(last((to) => (lose(to), to.pass(laterMs), set(to, 'vacation', 'done')))).toBe('vacation');
  });
  test('lose privacy to the hand inside, and perhaps to a hand that a lock without power did not notice', ({ expect }) => {
    const draw = (to: Writer): void => to.hand({ act: 'turn', to: 'unlocked' }, { bolt: 'unlocked' });
    const privacy = (to: Writer): void => set(to, 'privacy', 'done');
    expect(last((to) => (privacy(to), draw(to)))).toBe('normal');
    expect(last((to) => (privacy(to), to.hand({ act: 'power', on: false }), draw(to)))).toBe('normal or privacy');
    expect(last((to) => (privacy(to), to.hand({ act: 'turn', to: 'locked' })))).toBe('normal or privacy');
  });
  test('are told between a question and its end', ({ expect }) => {
    const to = traceOf();
    set(to, 'vacation', 'done');
    const { header, entries } = to.trace();
    expect(modeDuring(to.trace(), header.startMs, entries.length)).toBe(null);
    expect(modeDuring(to.trace(), header.startMs + 1_000, entries.length)).toBe('vacation');
  });
});

describe('a code in a mode', () => {
  const must = (mode: Mode, by: 'hand' | 'command' | null, end: End = 'done'): string => {
    const to = traceOf();
    to.create('g1');
    to.pass(1_000);
    to.read('g1');
    set(to, mode, end);
    to.present('plain1', 'denied');
    const { header, entries } = to.trace();
    const trace = { header: { ...header, ...(by === 'command' && { told: ['keypad'] as const }) }, entries };
    const one = presentations(trace).at(-1);
    return `${one?.must ?? ''} ${one?.cause ?? ''}`.trim();
  };
  test('by a hand is for the keypad, by a command it is remote', ({ expect }) => {
    expect((['vacation', 'privacy', 'no-remote', 'passage'] as const).map((mode) => must(mode, 'hand'))).toEqual([
      'deny mode',
      'deny mode',
      'open',
      'open',
    ]);
    expect((['vacation', 'privacy', 'no-remote'] as const).map((mode) => must(mode, 'command'))).toEqual([
      'open',
      'deny mode',
      'deny mode',
    ]);
    expect(must('vacation', null)).toBe('deny mode');
    expect(shuts(traceOf().trace(), 'vacation', 'remote')).toBe(false);
  });
  test('that may have been set may open', ({ expect }) => {
    expect(must('vacation', 'hand', 'pending')).toBe('either');
  });
});
