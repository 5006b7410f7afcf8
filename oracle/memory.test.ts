import { describe, expect, test } from 'vitest';
import type { Trace } from '../contract/trace.ts';
import { mayBeForgotten } from './memory.ts';
import { startMs, traceOf } from './trace.fixture.ts';

const mute = ({ header, entries }: Trace): Trace => ({ header: { ...header, lacks: ['gaps'] }, entries });

/** A turn of the hand, so many more of them, and a reading of the feed: of the lock that remembers ten. */
function turned(more: number): Trace {
  const to = traceOf({ limits: { eventBuffer: 10 } });
  for (let i = 0; i <= more; i += 1) {
    to.pass(1_000);
    to.moved(i % 2 === 0 ? 'unlocked' : 'locked');
    to.hand({ act: 'turn', to: i % 2 === 0 ? 'unlocked' : 'locked' });
  }
  to.pass(60_000);
  to.feed([]);
  return to.trace();
}
const firstMs = startMs + 1_000;

describe('what a lock that tells no gaps may have forgotten', () => {
  test('is nothing while no more was done than it remembers', () => {
    expect(mayBeForgotten(mute(turned(2)), firstMs)).toBe(false);
  });
  test('is what came before as much as it remembers, and nothing later', () => {
    const trace = mute(turned(9));
    expect([mayBeForgotten(trace, firstMs), mayBeForgotten(trace, startMs + 9_000)]).toEqual([true, false]);
  });
  test('is nothing where a gap can be told', () => {
    expect(mayBeForgotten(turned(9), firstMs)).toBe(false);
  });
});
