import type { Trace } from '../contract/trace.ts';
import { leave, type Run } from './certification.ts';
import { cleanUp } from './cleanup.ts';

/** Until when callers of a run were told to wait, epoch ms: the next run must not pay for it. 0: nobody was. */
export const throttledUntilMs = ({ entries }: Trace): number =>
  entries.reduce((last, entry) => {
    const isThrottled = entry.kind === 'answered' && entry.answer.kind === 'refused' && entry.answer.reason.class === 'rate';
    return isThrottled ? Math.max(last, entry.atMs + (entry.answer.reason.retryAfterMs ?? 0)) : last;
  }, 0);

/**
 * On a target that outlives the run, removes at once what the last steps made, and at its end what the driver put there for
 * itself; others take it with them.
 */
export async function tidy(run: Run, untilMs = 0, isLast = false): Promise<void> {
  if (run.place.fresh) return run.accounts.forgetAll();
  const open = run.accounts.open();
  const opened = await run.place.open({ ...run.options.open, seed: run.options.seed, startMs: null });
  const { declaration } = run.options.target;
  await opened.drive(() => cleanUp({ ...opened, declaration }, open, run.accounts));
  const stuck = isLast ? await opened.drive(async () => opened.api.parting?.()) : null;
  if (typeof stuck === 'string') leave(run, stuck);
  run.accounts.forgetHopes();
  // What the last steps set going is told late: it must not stand in the next run's part of the feed.
  const { settleMs, eventMs } = declaration.timing;
  const quietMs = Math.min(Math.max(settleMs, eventMs), run.budget.maxWaitMs);
  const { clock } = opened.bench.world;
  const waitMs = Math.max(quietMs, Math.min(untilMs - clock.nowMs(), run.budget.maxWaitMs));
  await opened.drive(() => clock.sleep(waitMs, run.options.signal));
  await opened.bench.close();
}
