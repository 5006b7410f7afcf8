import { describe, test } from 'vitest';
import { reach } from './reach.ts';
import { startMs, traceOf } from './trace.fixture.ts';

const cut = { on: 'lock', happens: 'cut' } as const;
const heal = { on: 'lock', happens: 'heal' } as const;
const restart = { on: 'platform', happens: 'restart' } as const;

/** Since when it is up (`+`) or down (`-`) at times from the start; `?` where nothing can be said. */
function told(write: (to: ReturnType<typeof traceOf>) => void, times: readonly number[]): readonly string[] {
  const to = traceOf();
  write(to);
  const link = reach(to.trace());
  return times.map((ms) => {
    const [up, down] = [link.upSince(startMs + ms), link.downSince(startMs + ms)];
    return up !== null ? `+${up - startMs}` : down !== null ? `-${down - startMs}` : '?';
  });
}

describe('reach', () => {
  test('up from the start, down from the cut on, up from the healing on', ({ expect }) => {
    const write = (to: ReturnType<typeof traceOf>) => {
      to.pass(1_000);
      to.weather(cut);
      to.pass(5_000);
      to.weather(cut);
      to.pass(4_000);
      to.weather(heal);
    };
    expect(told(write, [0, 999, 1_000, 9_999, 10_000, 99_000])).toEqual(['+0', '+0', '-1000', '-1000', '+10000', '+10000']);
  });
  test('shade and power are ways out of reach of their own', ({ expect }) => {
    const write = (to: ReturnType<typeof traceOf>) => {
      to.hand({ act: 'shade', on: true });
      to.pass(1_000);
      to.hand({ act: 'power', on: false });
      to.pass(1_000);
      to.hand({ act: 'shade', on: false });
      to.pass(1_000);
      to.hand({ act: 'power', on: true });
    };
    expect(told(write, [500, 1_500, 2_500, 3_500])).toEqual(['-0', '-0', '-0', '+3000']);
  });
  test('of a line that loses messages nothing is said until it is healed', ({ expect }) => {
    const write = (to: ReturnType<typeof traceOf>) => {
      to.pass(1_000);
      to.weather({ on: 'lock', happens: 'lose-answer', next: 1 });
      to.pass(1_000);
      to.weather(heal);
    };
    expect(told(write, [500, 1_500, 2_500])).toEqual(['+0', '?', '+2000']);
  });
  test('a platform that restarts is away for as long as declared', ({ expect }) => {
    const write = (to: ReturnType<typeof traceOf>) => {
      to.pass(1_000);
      to.weather(restart);
      to.pass(60_000);
    };
    expect(told(write, [500, 1_000, 15_999, 16_000])).toEqual(['+0', '?', '?', '+16000']);
  });
  test('a restart while the lock is away changes nothing of that, and a cut meanwhile is one', ({ expect }) => {
    const away = (to: ReturnType<typeof traceOf>) => {
      to.weather(cut);
      to.pass(50_000);
      to.weather(restart);
      to.pass(50_000);
    };
    expect(told(away, [49_000, 51_000, 90_000])).toEqual(['-0', '-0', '-0']);
    const meanwhile = (to: ReturnType<typeof traceOf>) => {
      to.weather(restart);
      to.pass(5_000);
      to.weather(cut);
      to.pass(3_000);
      to.weather(heal);
    };
    expect(told(meanwhile, [4_000, 6_000, 9_000, 15_000])).toEqual(['?', '-5000', '?', '+15000']);
  });
  test('in one ms, what came later is not yet so', ({ expect }) => {
    const to = traceOf();
    to.settled();
    to.weather(cut);
    to.settled();
    const link = reach(to.trace());
    expect([link.downSince(startMs, 0), link.downSince(startMs, 2)]).toEqual([null, startMs]);
  });
  test('power: when it came back, and whether it is there', ({ expect }) => {
    const to = traceOf();
    to.pass(1_000);
    to.hand({ act: 'power', on: false });
    to.pass(1_000);
    to.hand({ act: 'power', on: true });
    const link = reach(to.trace());
    expect([500, 1_500, 2_500].map((ms) => link.poweredAt(startMs + ms))).toEqual([true, false, true]);
    expect([1_500, 2_500].map((ms) => link.powerBackAt(startMs + ms))).toEqual([null, startMs + 2_000]);
  });
});
