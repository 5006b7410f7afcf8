import type { Answer } from '../contract/answer.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Clock } from '../contract/world.ts';

const everyMs = 50;

/** Waits until the platform calls none of these grants pending any more: the lock has heard of them, or it is `endMs`. */
export async function untilHeard(api: LockApi, clock: Clock, grants: Iterable<string>, endMs: number): Promise<void> {
  for (const grant of grants)
    while (clock.nowMs() < endMs) {
      const answer = await api.perform('owner', { do: 'readGrant', grant });
      const waits =
        answer.kind === 'ok' ? answer.value.sync === 'pending' : answer.kind === 'lost' || answer.reason.class === 'rate';
      if (!waits) break;
      await clock.sleep(Math.min(everyMs, endMs - clock.nowMs()));
    }
}

/** Whether what an answer is about goes on no longer: it has come to its end, or there is nothing to wait for. */
export const isEnded = <V>(answer: Answer<V> | undefined, stateOf: (value: V) => string): boolean =>
  !answer ||
  // Who asks too often learns nothing of it, and asks again.
  (answer.kind === 'refused' && answer.reason.class !== 'rate') ||
  (answer.kind === 'ok' && stateOf(answer.value) !== 'pending');
