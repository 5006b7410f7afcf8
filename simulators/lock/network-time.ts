import type { Clock } from '../../contract/world.ts';
import type { LockPort } from './port.ts';

interface Keeping {
  readonly everyMs: number;
  readonly inReach: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * A lock without a platform asks the network for the time, again and again until `signal`: nobody else sets its clock. Returns
 * what is called when it comes back into reach or to power: a clock that was lost is set then.
 */
export function keepTime(clock: Clock, lock: LockPort, { everyMs, inReach, signal }: Keeping): () => Promise<void> {
  const set = async (): Promise<void> => {
    if (!signal.aborted && inReach()) await lock.ask({ ask: 'clock', nowMs: clock.nowMs() });
  };
  const again = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(everyMs, signal);
      await set();
    }
  };
  void again();
  return async () => {
    const said = await lock.ask({ ask: 'status' });
    if (said?.status.clockKnown === false) await set();
  };
}
