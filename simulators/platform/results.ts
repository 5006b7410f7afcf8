import type { JobOutcome } from './points.ts';
import type { GrantRecord, OperationRecord, SyncJob } from './records.ts';

/** What the platform believes of a grant after a job came back. */
export function jobResult(
  job: SyncJob,
  before: GrantRecord,
  outcome: JobOutcome,
  nowMs: number,
): { readonly grant: GrantRecord; readonly keep: boolean } {
  if (outcome === null) return { grant: before, keep: true };
  if (outcome.answer === 'refused') {
    // A lock that is short of power, or busy, has not said no; and nothing says no to a clear.
    if (job.kind === 'clear' || outcome.why === 'busy' || outcome.why === 'power') return { grant: before, keep: true };
    if (before.intent !== job.intent) return { grant: before, keep: false };
    const terms = before.onLock?.terms ?? before.terms;
    const wish = terms.suspended ? 'suspended' : 'granted';
    return { grant: { ...before, terms, wish, maybe: [], sync: 'failed' }, keep: false };
  }
  const newest = before.intent === job.intent;
  if (job.kind === 'set') {
    const onLock = { intent: job.intent, terms: job.terms };
    return { grant: { ...before, onLock, maybe: [], sync: newest ? 'confirmed' : before.sync }, keep: false };
  }
  const cleared: GrantRecord = { ...before, onLock: null, maybe: [] };
  if (!newest) return { grant: cleared, keep: false };
  const sync = before.wish === 'revoked' ? 'confirmed' : before.sync;
  return { grant: { ...cleared, sync, goneMs: nowMs, slot: null }, keep: false };
}

const ended = (
  state: 'done' | 'failed' | 'expired',
  cause: OperationRecord['cause'],
): Pick<OperationRecord, 'state' | 'cause' | 'maybe'> => ({
  state,
  cause,
  maybe: false,
});

/** How an operation stands after the lock was asked for it. */
export function operationResult(
  operation: OperationRecord,
  outcome: JobOutcome,
): Pick<OperationRecord, 'state' | 'cause' | 'maybe'> {
  if (outcome === null) return { state: 'pending', cause: null, maybe: true };
  const { work } = operation;
  if (outcome.answer === 'done') {
    if (work.kind === 'mode') return outcome.status.mode === work.mode ? ended('done', null) : ended('failed', 'other');
    const to = work.kind === 'install' || work.kind === 'spell' ? null : work.kind === 'lock' ? 'locked' : 'unlocked';
    if (to === null || outcome.status.bolt === to) return ended('done', null);
    return ended('failed', outcome.status.bolt === 'jammed' ? 'jam' : 'other');
  }
  switch (outcome.why) {
    case 'busy':
      return { state: 'pending', cause: null, maybe: operation.maybe };
    case 'expired':
      return operation.maybe ? ended('failed', 'offline') : ended('expired', null);
    case 'jam':
      return ended('failed', 'jam');
    case 'power':
      return ended('failed', 'power');
    case 'mode':
    case 'image':
    case 'invalid':
    case 'full':
    case 'duplicate':
      return ended('failed', 'refused');
  }
}
