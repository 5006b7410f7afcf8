import type { Declaration } from '../../contract/declaration.ts';
import type { Actor, Command } from '../../contract/command.ts';
import type { Stage } from '../../contract/requirement.ts';
import { type Call, type History } from '../../oracle/history.ts';
import { refusal } from '../all/answers.ts';

/** A higher limit than this is not worth driving into. */
const highestLimit = 2_000;
/** So many are asked at once, and more where answers take so long that the limit would not be met. */
const fewestAtOnce = 20;
const mostAtOnce = 320;
const marginMs = 1_000;

/** A driver repeats a read that may soon be served again, so that nobody sees the refusal; what has no effect does as well. */
const loadOf = ({ limits, timing }: Declaration): Command =>
  limits.rateWindowMs < timing.callMs ? { do: 'revokeGrant', grant: 'absent' } : { do: 'readLock', lock: 'door' };

/** Waits for a fresh window, then asks as fast as it goes until it is too much. The pause that was asked for, in ms. */
export async function burst(stage: Stage, as: Actor): Promise<number | null> {
  const { rateRequests, rateWindowMs } = stage.declaration.limits;
  await stage.pass(rateWindowMs + marginMs);
  if (rateRequests > highestLimit) return null;
  const load = loadOf(stage.declaration);
  let atOnce = fewestAtOnce;
  // Twice the limit fits into one window length, around the boundary of two; more does not.
  for (let asked = 0; asked <= 2 * rateRequests; asked += atOnce + 1) {
    const beganMs = stage.nowMs();
    await stage.together(Array.from({ length: atOnce }, () => [{ step: 'ask', as, command: load }]));
    const answer = await stage.ask(as, load);
    if (answer?.kind === 'refused' && answer.reason.class === 'rate') return answer.reason.retryAfterMs ?? rateWindowMs;
    const isSlow = atOnce * rateWindowMs < 2 * rateRequests * (stage.nowMs() - beganMs);
    if (isSlow) atOnce = Math.min(mostAtOnce, 2 * atOnce);
  }
  return null;
}

export const isThrottled = (call: Call): boolean => refusal(call)?.class === 'rate';

/** Requests of one caller that can have been counted in the window that ends with this answer. */
export const requestsBefore = (past: History, call: Call, windowMs: number): number =>
  past.calls
    .filter(({ as, askEntry, answerMs }) => as === call.as && askEntry < call.answerEntry && answerMs > call.askMs - windowMs)
    .reduce((sum, { answer }) => sum + Math.max(1, answer?.facts.tries ?? 1), 0);
