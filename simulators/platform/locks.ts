import type { ActionOf, Admitted, LockView, OperationView, Reply } from './actions.ts';
import type { Core } from './core.ts';
import { problem, type Problem } from './problems.ts';
import type { LockRecord, OperationRecord } from './records.ts';

/** An image is carried and installed in this time, or not at all. */
const installMs = 600_000;
/** Operations of one lock that may wait at once. */
const maxWaiting = 50;
/** A clock that is further off than this is reported as not synced. */
export const clockOffMs = 5_000;

const ok = (operation: OperationRecord, view: (operation: OperationRecord) => OperationView): Reply => ({
  kind: 'ok',
  view: view(operation),
  accepted: true,
  repeated: false,
});

/** Locks as they are told of, and the operations that are asked of them. */
export function lockDesk(core: Core) {
  const { store, decide, declaration } = core;
  const now = (): number => core.world.clock.nowMs();
  const lastOperation = new Map<string, OperationRecord>();

  const offline = (lock: LockRecord): boolean => {
    const { offlineAfterMs } = declaration.timing;
    const nowMs = now();
    const silent = lock.contactMs === null || nowMs - lock.contactMs >= offlineAfterMs;
    return decide('offline', { lock, nowMs, offlineAfterMs }, silent);
  };

  const view = (lock: LockRecord): LockView => {
    const { status } = lock;
    const online = !offline(lock);
    const honest = {
      bolt: status?.bolt ?? 'unknown',
      evidence: status ? ('confirmed' as const) : ('unknown' as const),
      asOfMs: lock.asOfMs,
      online,
      batteryPercent: status?.batteryPercent ?? null,
      batteryLow: status ? status.batteryPercent <= declaration.safety.batteryLowPercent : null,
      clock: status ? (status.clockKnown && Math.abs(lock.aheadMs) <= clockOffMs ? 'synced' : 'unsynced') : null,
      firmware: status?.firmware ?? null,
      serial: status?.serial ?? null,
    } as const;
    const given = { lock, online, operation: lastOperation.get(lock.id) ?? null, nowMs: now() };
    const told = decide('state.view', given, honest);
    const { id, name, zone, predecessor } = lock;
    const before = predecessor && { serial: predecessor.serial, wiped: predecessor.wiped };
    return { kind: 'lock', id, name, zone, predecessor: before, ...told };
  };

  const keep = (operation: OperationRecord): OperationRecord => {
    store.putOperation(operation);
    if (lastOperation.get(operation.lock)?.id === operation.id) lastOperation.set(operation.lock, operation);
    return operation;
  };

  /** The operation as it is now: what nobody began in time has expired, whether or not anybody was there to say so. */
  const current = (operation: OperationRecord): OperationRecord => {
    const nowMs = now();
    if (operation.state !== 'pending' || nowMs < operation.expiresMs) return operation;
    // Asked for and not answered: it may have been begun in time, so that "expired" would say too much.
    const end = operation.maybe ? ({ state: 'failed', cause: 'offline' } as const) : ({ state: 'expired', cause: null } as const);
    if (!decide('operation.expired', { operation, nowMs }, true)) return operation;
    return keep({ ...operation, ...end, endedMs: operation.expiresMs });
  };

  const operationView = (operation: OperationRecord): OperationView => {
    const { id, lock, work, state, cause, createdMs, expiresMs } = current(operation);
    return { kind: 'operation', id, lock, work, state, cause, createdMs, expiresMs };
  };

  /** Operations of a lock that still wait, oldest first. */
  const waiting = (lock: string): readonly OperationRecord[] => {
    const found: OperationRecord[] = [];
    for (const id of pending.get(lock) ?? []) {
      const operation = store.operations.get(id);
      const still = operation ? current(operation) : undefined;
      if (still?.state === 'pending') found.push(still);
      else pending.get(lock)?.delete(id);
    }
    return found;
  };
  const pending = new Map<string, Set<string>>();

  const begin = (by: Admitted, lock: string, work: OperationRecord['work'], lastsMs: number): Reply => {
    if (waiting(lock).length >= maxWaiting) return { kind: 'refused', problem: problem('operations-full') };
    const nowMs = now();
    const operation: OperationRecord = {
      id: store.id('op'),
      order: store.order(),
      ...{ account: by.integration.account, lock, integration: by.integration.id, work },
      ...{ state: 'pending', cause: null, createdMs: nowMs, expiresMs: nowMs + lastsMs, endedMs: null, maybe: false },
    };
    lastOperation.set(lock, operation);
    store.putOperation(operation);
    const open = pending.get(lock) ?? new Set<string>();
    pending.set(lock, open.add(operation.id));
    core.wake(lock);
    return ok(operation, operationView);
  };

  const operate = (by: Admitted, asked: ActionOf<'operate'>): Reply =>
    begin(by, asked.lock, { kind: asked.to }, declaration.timing.operateMs);

  const install = (by: Admitted, asked: ActionOf<'installFirmware'>): Reply => {
    const known = declaration.firmware;
    const running = known.indexOf(store.locks.get(asked.lock)?.status?.firmware ?? '');
    const wrong: Problem | null = known.indexOf(asked.version) < Math.max(0, running) ? problem('firmware-unknown') : null;
    const given = { route: asked.route, request: asked, before: null, nowMs: now() };
    const told = decide('request.validate', given, wrong);
    if (told) return { kind: 'refused', problem: told };
    const { version, image } = asked;
    return begin(by, asked.lock, { kind: 'install', version, image }, Math.max(installMs, declaration.timing.operateMs));
  };

  /** Finds the work that waits again, after a restart. */
  const recall = (): void => {
    pending.clear();
    for (const { id, lock, state } of store.operations.values()) {
      if (state === 'pending') pending.set(lock, (pending.get(lock) ?? new Set<string>()).add(id));
    }
  };

  return { view, offline, keep, current, operationView, waiting, operate, install, recall };
}
export type LockDesk = ReturnType<typeof lockDesk>;
