import type { Answer, RefusalClass } from '../contract/answer.ts';
import type { CommandOf } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { OperationView } from '../contract/view.ts';
import type { Clock } from '../contract/world.ts';

/** What brings a lock back to where it was. */
export type Restoring = CommandOf<'lock' | 'setMode' | 'clearModes'>;

const maxTries = 4;
const pollFirstMs = 100;
/** Refusals of a moment, e.g. of a lock that is not in reach again yet. */
const passing: ReadonlySet<RefusalClass> = new Set(['network', 'rate', 'conflict', 'platform', 'lock']);

type End = 'done' | 'again' | 'never';

/** Asks for something as owner until the lock has done it, a few times and for at most `limitMs`; whether it has. */
export async function insist(api: LockApi, clock: Clock, command: Restoring, limitMs: number): Promise<boolean> {
  const endMs = clock.nowMs() + limitMs;
  for (let tries = 1; ; tries += 1) {
    const answer = await api.perform('owner', command);
    const end = await endOf(api, clock, answer, endMs);
    const leftMs = endMs - clock.nowMs();
    if (end !== 'again' || tries === maxTries || leftMs <= 0) return end === 'done';
    const toldMs = answer.kind === 'refused' ? (answer.reason.retryAfterMs ?? 0) : 0;
    await clock.sleep(Math.min(leftMs, Math.max(limitMs / maxTries / 2, toldMs)));
  }
}

/** Follows an operation until it has ended or it is `endMs`. What cannot be followed is not known to be done. */
async function endOf(api: LockApi, clock: Clock, first: Answer<OperationView>, endMs: number): Promise<End> {
  let answer = first;
  for (let pauseMs = pollFirstMs; ; pauseMs *= 2) {
    if (answer.kind === 'refused') return answer === first && !passing.has(answer.reason.class) ? 'never' : 'again';
    if (answer.kind === 'ok' && answer.value.state !== 'pending') return answer.value.state === 'done' ? 'done' : 'again';
    if (first.kind !== 'ok') return 'again';
    if (!api.commands.has('readOperation')) return 'never';
    const leftMs = endMs - clock.nowMs();
    if (leftMs <= 0) return 'again';
    await clock.sleep(Math.min(pauseMs, leftMs));
    answer = await api.perform('owner', { do: 'readOperation', operation: first.value.id });
  }
}
