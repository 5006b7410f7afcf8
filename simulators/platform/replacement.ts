import { act, type Core } from './core.ts';
import type { GrantDesk } from './grants.ts';
import type { GrantRecord, LockRecord, SyncJob } from './records.ts';

/** A lock of whose device nothing is known yet. */
export function freshLock(
  { id, account, name }: { readonly id: string; readonly account: string; readonly name: string },
  order: number,
  zone: string,
): LockRecord {
  return {
    id,
    order,
    account,
    name,
    zone,
    status: null,
    asOfMs: null,
    contactMs: null,
    aheadMs: 0,
    clockSetMs: null,
    logSeq: 0,
    logMs: null,
    saidOffline: false,
    version: 1,
    device: 1,
    predecessor: null,
  };
}

/** A grant as it is to be set on a new device; null for what stays behind. */
function moving(core: Core, grant: GrantRecord): GrantRecord | null {
  const { store } = core;
  if (grant.integration === null) {
    // What a hand set at the old device is known to nobody else and stays behind.
    store.putGrant({ ...grant, wish: 'revoked', onLock: null, slot: null, goneMs: core.world.clock.nowMs() });
    core.tell(grant.account, act('code.removed-outside', { lock: grant.lock, grant: grant.id }));
    return null;
  }
  if (grant.sync === 'failed' && !grant.onLock) return null;
  const sync = grant.ended ? grant.sync : 'pending';
  store.putGrant({ ...grant, onLock: null, maybe: [], intent: grant.intent + 1, sync });
  return store.grants.get(grant.id) ?? null;
}

/**
 * Grants, wishes and history stay with the lock; what the old device held is set anew on the new one. Answers whether
 * the old one is to be wiped.
 */
export function moveHouse(core: Core, grants: GrantDesk, lock: LockRecord, integration: string): boolean {
  const { store } = core;
  const event = core.tell(lock.account, act('lock.replaced', { lock: lock.id, integration, confirmed: false }));
  const live = [...store.grantsOf(lock.id).values()].filter((grant) => grant.goneMs === null);
  const jobs: SyncJob[] = [];
  for (const grant of live) {
    const moved = moving(core, grant);
    const job = moved && grants.jobOf(moved);
    if (job) jobs.push(job);
  }
  const predecessor = { serial: lock.status?.serial ?? null, wiped: false, event: event?.view.id ?? '' };
  const anew = { ...freshLock(lock, lock.order, lock.zone), device: lock.device + 1, predecessor };
  const told = core.decide('replace', { lock, grants: live }, { jobs, wipe: true, lock: anew });
  store.queues.set(lock.id, told.jobs);
  store.locks.set(lock.id, told.lock);
  return told.wipe;
}
