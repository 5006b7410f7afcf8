import { describe, test } from 'vitest';
import { told } from '../oracle/acts.ts';
import { startMs, traceOf } from '../oracle/trace.fixture.ts';
import { toldByMs } from './settling.ts';

/** What of a denial is missed in an empty feed that is read `lateMs` after the time by which all must have been told. */
function missed(way: 'in reach' | 'out of reach', lateMs: number): readonly string[] {
  // All of a target is quick here but the telling, so that nothing else makes the run wait long enough.
  const to = traceOf({ timing: { settleMs: 200, eventMs: 300, reconnectMs: 500 } });
  to.pass(1_000);
  if (way === 'out of reach') to.weather({ on: 'lock', happens: 'cut' });
  to.present('plain50', 'denied');
  if (way === 'out of reach') {
    to.pass(10);
    to.weather({ on: 'lock', happens: 'heal' });
  }
  const byMs = toldByMs(to.trace(), startMs + to.now());
  to.pass(byMs - startMs - to.now() + lateMs);
  to.feed([]);
  return told(to.trace()).untold.map(({ verb }) => verb);
}

describe('a run that settles', () => {
  for (const way of ['in reach', 'out of reach'] as const)
    test(`waits as long as an oracle wants before it misses what happened ${way}, and no longer`, ({ expect }) => {
      expect([missed(way, -1), missed(way, 0)]).toEqual([[], ['lock.denied']]);
    });
});
