import type { Clock } from '../../contract/world.ts';
import type { LockPort } from './port.ts';

interface Keeping {
  readonly everyMs: number;
  readonly inReach: () => boolean;
  readonly signal: AbortSignal;
}

/** A lock without a platform asks the network for the time, again and again until `signal`: nobody else sets its clock. */
export async function keepTime(clock: Clock, lock: LockPort, { everyMs, inReach, signal }: Keeping): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal);
    if (!signal.aborted && inReach()) await lock.ask({ ask: 'clock', nowMs: clock.nowMs() });
  }
}
