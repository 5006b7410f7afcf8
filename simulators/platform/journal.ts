import { decode } from '../lock/firmware.ts';
import type { LockRecord as DeviceRecord, Payload, Status } from '../lock/port.ts';
import { recordVerbs } from '../lock/verbs.ts';
import { act, type Core } from './core.ts';
import type { EventDraft, GrantRecord, LockRecord } from './records.ts';

/** Records asked for at once. */
export const logPage = 100;

/** The lock's own word for what nobody here knows, as far as an event type can hold it. */
function rawTypeOf(payload: Payload): string {
  const { ev, eventType, Kind } = payload.fields;
  const word = [Kind, eventType, ev].find((value) => typeof value === 'string' || typeof value === 'number') ?? 'unnamed';
  const text = `${payload.format}.${word}`
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 80);
  return /^[a-z0-9]/.test(text) ? text : `x${text}`.slice(0, 80);
}

/** What an event says of a record that was read, and of one that was not. */
function draftOf(lock: LockRecord, payload: Payload, record: DeviceRecord | null, grant: GrantRecord | null): EventDraft {
  if (!record) return act('unknown', { rawType: rawTypeOf(payload), lock: lock.id, confirmed: true });
  return act(recordVerbs[record.what], {
    lock: lock.id,
    user: grant?.user ?? null,
    grant: grant?.id ?? null,
    integration: record.integration,
    method: record.method,
    deviceMs: record.deviceMs,
    confirmed: true,
  });
}

/** Turns the lock's log into events, each record once. */
export function journalist(core: Core) {
  const { store, decide } = core;

  const grantOf = (lock: string, record: DeviceRecord): GrantRecord | null => {
    if (record.tag) return store.grants.get(record.tag) ?? null;
    if (record.slot === null) return null;
    for (const grant of store.grantsOf(lock).values()) {
      if (grant.integration === null && grant.slot === record.slot && grant.goneMs === null) return grant;
    }
    return null;
  };

  const note = (lock: LockRecord, payload: Payload): DeviceRecord | null => {
    const decoded = decide('firmware.decode', { payload }, decode(payload));
    const record = 'unknown' in decoded ? null : decoded;
    const grant = record ? grantOf(lock.id, record) : null;
    const draft = decide('event.build', { lock, payload, record, grant }, draftOf(lock, payload, record, grant));
    if (draft) core.tell(lock.account, draft);
    if (record && grant && record.what === 'unlocked' && record.method === 'pin') {
      store.putGrant({ ...grant, used: grant.used + 1, firstUseMs: grant.firstUseMs ?? record.deviceMs });
    }
    // Somebody at the lock has taken our code off it: nothing puts it back by itself.
    if (grant && record?.what === 'code-removed' && grant.integration !== null && grant.wish !== 'revoked') {
      store.putGrant({ ...grant, onLock: null, maybe: [], sync: 'failed' });
    }
    return record;
  };

  /**
   * Takes in a page of the log. Answers whether codes were set or removed at the lock. `status` came with the page;
   * what fell off the lock before it could be read makes one gap.
   */
  const take = (
    lock: LockRecord,
    payloads: readonly Payload[],
    status: Status,
    nowMs: number,
  ): { lock: LockRecord; edited: boolean } => {
    let { logSeq, logMs } = lock;
    let edited = false;
    for (const payload of payloads) {
      if (payload.seq <= logSeq) continue;
      const decoded = decode(payload);
      const deviceMs = 'unknown' in decoded ? null : decoded.deviceMs;
      if (payload.seq > logSeq + 1) gap(lock, logMs, deviceMs ?? nowMs);
      const record = note(lock, payload);
      edited ||= record?.what === 'code-added' || record?.what === 'code-removed';
      logSeq = payload.seq;
      logMs = deviceMs ?? logMs;
    }
    // Everything that was missed has fallen off already.
    if (payloads.length === 0 && status.oldest > logSeq + 1) {
      gap(lock, logMs, status.deviceMs);
      logSeq = status.oldest - 1;
    }
    return { lock: { ...lock, logSeq, logMs }, edited };
  };

  const gap = (lock: LockRecord, fromMs: number | null, toMs: number): void => {
    const bounds = { fromMs: Math.min(fromMs ?? 0, toMs), toMs };
    core.tell(lock.account, act('log.gap', { lock: lock.id, confirmed: true, gap: bounds }));
  };

  return { take };
}
