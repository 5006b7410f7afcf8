import { describe, test } from 'vitest';
import type { Answer } from '../contract/answer.ts';
import type { Command } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { OperationView } from '../contract/view.ts';
import { virtualClock } from '../simulators/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { debts } from './cleanup.ts';
import { nobody } from './hand.ts';
import { declared, startMs, traceOf } from '../oracle/trace.fixture.ts';
import { backMs, hasSpell, isDrawn, modeLeft, undo, undoing } from './undo.ts';

const keeping = { time: { ...declared.time, keepsClock: true } };
const after = (write: (to: ReturnType<typeof traceOf>) => void, changed?: Parameters<typeof traceOf>[0]) => {
  const to = traceOf(changed);
  write(to);
  return undoing(to.trace());
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
    const step = { act: 'stepClock', byMs: 3_600_000 } as const;
    const forgets = [
      { act: 'power', on: false },
      { act: 'power', on: true },
    ];
    expect(after((to) => to.hand(step)).acts.slice(0, 2)).toEqual(forgets);
    expect(after((to) => to.hand(step), keeping).acts[0]).toEqual({ act: 'stepClock', byMs: -3_600_000 });
  });
  test('a clock that was surely set after its step is left alone, and so is one that was lost with the power', ({ expect }) => {
    const { syncEveryMs } = declared.time;
    const later = (isLater: boolean) =>
      after((to) => {
        to.hand({ act: 'stepClock', byMs: 3_600_000 });
        to.pass(isLater ? syncEveryMs + declared.timing.reconnectMs : syncEveryMs);
        to.hand({ act: 'stepClock', byMs: -60_000 });
      }, keeping).acts[0];
    expect([later(false), later(true)]).toEqual([
      { act: 'stepClock', byMs: -3_540_000 },
      { act: 'stepClock', byMs: 60_000 },
    ]);
    const { acts } = after((to) => {
      to.hand({ act: 'stepClock', byMs: 3_600_000 });
      to.pass(1_000);
      to.hand({ act: 'power', on: false });
      to.hand({ act: 'power', on: true });
    });
    expect(acts).toEqual([{ act: 'turn', to: 'locked' }]);
  });
  test('a lock that was set to a mode, and not back for sure, is known', ({ expect }) => {
    const to = traceOf();
    const left = () => modeLeft(to.trace().entries);
    to.refuse(to.ask({ do: 'setMode', lock: 'door', mode: 'privacy' }), 'unsupported');
    expect(left()).toBeNull();
    to.ask({ do: 'setMode', lock: 'door', mode: 'vacation' });
    expect(left()).toBe('vacation');
    to.lose(to.ask({ do: 'setMode', lock: 'door', mode: 'normal' }));
    to.refuse(to.ask({ do: 'setMode', lock: 'door', mode: 'normal' }), 'network');
    expect(left()).toBe('vacation');
    to.ok({ do: 'setMode', lock: 'door', mode: 'normal' }, { id: 'o1', state: 'pending', cause: null });
    expect(left()).toBe('vacation');
    to.ok({ do: 'readOperation', operation: 'newest' }, { id: 'o1', state: 'done', cause: null });
    to.ask({ do: 'setMode', lock: 'door2', mode: 'privacy' });
    expect(left()).toBeNull();
  });
  test('a lock that was set to a mode for a time, which was not taken away for sure, is known', ({ expect }) => {
    const to = traceOf();
    const held = () => hasSpell(to.trace().entries);
    expect(held()).toBe(false);
    to.ask({ do: 'scheduleMode', lock: 'door', mode: 'vacation', startMs: 1_000, endMs: 2_000 });
    expect(held()).toBe(true);
    to.ok({ do: 'clearModes', lock: 'door2' }, { id: 'o1', state: 'done', cause: null });
    to.ok({ do: 'clearModes', lock: 'door' }, { id: 'o2', state: 'failed', cause: 'offline' });
    expect(held()).toBe(true);
    to.ok({ do: 'clearModes', lock: 'door' }, { id: 'o3', state: 'done', cause: null });
    expect(held()).toBe(false);
  });
  test('when a lock last had its power or its link back is known', ({ expect }) => {
    const to = traceOf();
    expect(backMs(to.trace().entries)).toBeNull();
    to.hand({ act: 'power', on: false });
    to.pass(5_000);
    to.weather({ on: 'lock', happens: 'heal' });
    to.pass(5_000);
    expect(backMs(to.trace().entries)).toBe(startMs + 5_000);
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

const facts = { tookMs: 1, tries: 1, status: 200, secretsSeen: [], wireFaults: [], rate: null };
const lost: Answer<OperationView> = { kind: 'lost', trouble: 'cut', facts };
const operation = (state: OperationView['state']): Answer<OperationView> => ({
  kind: 'ok',
  value: { id: 'o1', state, cause: null },
  confirmed: false,
  facts,
});
const refused = (about: 'network' | 'unsupported'): Answer<OperationView> => ({
  kind: 'refused',
  reason: { class: about, code: 'no', retryable: null, retryAfterMs: null, first: null },
  facts,
});

/** Undoes what was done, at a lock that answers so, one answer after the other and the last again and again. */
async function undone(write: (to: ReturnType<typeof traceOf>) => void, ...answers: readonly Answer<OperationView>[]) {
  const to = traceOf();
  write(to);
  const { clock, run } = virtualClock({ startMs: startMs + to.now(), limitMs: 1e9 });
  const asked: (readonly [name: Command['do'], afterMs: number])[] = [];
  let next = 0;
  const perform = async ({ do: name }: Command): Promise<unknown> => {
    asked.push([name, clock.nowMs() - startMs]);
    return name === 'readLock' ? lost : answers[Math.min(next++, answers.length - 1)];
  };
  const api = {
    actors: new Set(['owner']),
    commands: new Set(['setMode', 'clearModes', 'readOperation', 'readLock']),
    perform: (_: string, command: Command) => perform(command),
  } as unknown as LockApi;
  const world = { clock, random: seededRandom(1) };
  const left = await run(() =>
    undo({ plant: nobody, world, locks: ['id-door'] }, api, to.trace(), {
      track: debts(null),
      maxWaitMs: 60_000,
    }),
  );
  return { left, asked, tookMs: clock.nowMs() - startMs - to.now() };
}

describe('a lock is asked back into its mode', () => {
  const vacation = (to: ReturnType<typeof traceOf>): void => void to.ask({ do: 'setMode', lock: 'door', mode: 'vacation' });
  const { reconnectMs, operateMs } = declared.timing;

  test('not before it can be in reach again', async ({ expect }) => {
    const { left, asked } = await undone((to) => {
      vacation(to);
      to.weather({ on: 'lock', happens: 'heal' });
      to.pass(1_000);
    }, operation('done'));
    expect([left, asked]).toEqual([[], [['setMode', reconnectMs]]]);
  });
  test('again where that was lost, refused for now or failed, and until it has ended', async ({ expect }) => {
    const answers = [lost, refused('network'), operation('pending'), lost, operation('failed'), operation('done')];
    const { left, asked } = await undone(vacation, ...answers);
    expect(left).toEqual([]);
    expect(asked.map(([name]) => name)).toEqual(['setMode', 'setMode', 'setMode', 'readOperation', 'readOperation', 'setMode']);
  });
  test.for([lost, refused('network'), refused('unsupported'), operation('pending'), operation('failed')])(
    'and told to be left in it where nothing helps, in bounded time: %o',
    async (answer, { expect }) => {
      const { left, tookMs } = await undone(vacation, answer);
      expect(left).toEqual(['the lock was left in the mode vacation']);
      expect(tookMs).toBeLessThanOrEqual(reconnectMs + operateMs);
    },
  );
});
