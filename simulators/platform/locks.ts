import { has } from '../../contract/declaration.ts';
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
export class LockDesk {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }
  readonly #now = (): number => this.#core.world.clock.nowMs();
  readonly #lastOperation = new Map<string, OperationRecord>();

  readonly offline = (lock: LockRecord): boolean => {
    const { offlineAfterMs } = this.#core.declaration.timing;
    const nowMs = this.#now();
    const silent = lock.contactMs === null || nowMs - lock.contactMs >= offlineAfterMs;
    return this.#core.decide('offline', { lock, nowMs, offlineAfterMs }, silent);
  };

  readonly view = (lock: LockRecord): LockView => {
    const { status } = lock;
    const online = !this.offline(lock);
    const honest = {
      bolt: status?.bolt ?? 'unknown',
      evidence: status ? ('confirmed' as const) : ('unknown' as const),
      asOfMs: lock.asOfMs,
      online,
      batteryPercent: status?.batteryPercent ?? null,
      batteryLow: status ? status.batteryPercent <= this.#core.declaration.safety.batteryLowPercent : null,
      clock: status ? (status.clockKnown && Math.abs(lock.aheadMs) <= clockOffMs ? 'synced' : 'unsynced') : null,
      firmware: status?.firmware ?? null,
      serial: status?.serial ?? null,
      mode: has(this.#core.declaration, 'modes') ? (status?.mode ?? null) : null,
    } as const;
    const given = { lock, online, operation: this.#lastOperation.get(lock.id) ?? null, nowMs: this.#now() };
    const told = this.#core.decide('state.view', given, honest);
    const { id, name, zone, predecessor } = lock;
    const before = predecessor && { serial: predecessor.serial, wiped: predecessor.wiped };
    return { kind: 'lock', id, name, zone, predecessor: before, ...told };
  };

  readonly keep = (operation: OperationRecord): OperationRecord => {
    this.#core.store.putOperation(operation);
    if (this.#lastOperation.get(operation.lock)?.id === operation.id) this.#lastOperation.set(operation.lock, operation);
    return operation;
  };

  /** The operation as it is now: what nobody began in time has expired, whether or not anybody was there to say so. */
  readonly current = (operation: OperationRecord): OperationRecord => {
    const nowMs = this.#now();
    if (operation.state !== 'pending' || nowMs < operation.expiresMs) return operation;
    // Asked for and not answered: it may have been begun in time, so that "expired" would say too much.
    const end = operation.maybe ? ({ state: 'failed', cause: 'offline' } as const) : ({ state: 'expired', cause: null } as const);
    if (!this.#core.decide('operation.expired', { operation, nowMs }, true)) return operation;
    return this.keep({ ...operation, ...end, endedMs: operation.expiresMs });
  };

  readonly operationView = (operation: OperationRecord): OperationView => {
    const { id, lock, work, state, cause, createdMs, expiresMs } = this.current(operation);
    return { kind: 'operation', id, lock, work, state, cause, createdMs, expiresMs };
  };

  /** Operations of a lock that still wait, oldest first. */
  readonly waiting = (lock: string): readonly OperationRecord[] => {
    const found: OperationRecord[] = [];
    for (const id of this.#pending.get(lock) ?? []) {
      const operation = this.#core.store.operations.get(id);
      const still = operation ? this.current(operation) : undefined;
      if (still?.state === 'pending') found.push(still);
      else this.#pending.get(lock)?.delete(id);
    }
    return found;
  };
  readonly #pending = new Map<string, Set<string>>();

  readonly #begin = (by: Admitted, lock: string, work: OperationRecord['work'], lastsMs: number): Reply => {
    if (this.waiting(lock).length >= maxWaiting) return { kind: 'refused', problem: problem('operations-full') };
    const nowMs = this.#now();
    const operation: OperationRecord = {
      id: this.#core.store.id('op'),
      order: this.#core.store.order(),
      account: by.integration.account,
      lock,
      integration: by.integration.id,
      work,
      state: 'pending',
      cause: null,
      createdMs: nowMs,
      expiresMs: nowMs + lastsMs,
      endedMs: null,
      maybe: false,
    };
    this.#lastOperation.set(lock, operation);
    this.#core.store.putOperation(operation);
    const open = this.#pending.get(lock) ?? new Set<string>();
    this.#pending.set(lock, open.add(operation.id));
    this.#core.wake(lock);
    return ok(operation, this.operationView);
  };

  readonly operate = (by: Admitted, { lock, to, forMs }: ActionOf<'operate'>): Reply => {
    const { declaration } = this.#core;
    if (forMs !== null && !has(declaration, 'timed-unlock')) return { kind: 'refused', problem: problem('unsupported') };
    return this.#begin(by, lock, to === 'lock' ? { kind: to } : { kind: to, forMs }, declaration.timing.operateMs);
  };

  readonly setMode = (by: Admitted, asked: ActionOf<'setMode'>): Reply => {
    const { declaration } = this.#core;
    const wrong = declaration.modes.includes(asked.mode) ? null : problem('mode-unknown');
    const given = { route: asked.route, request: asked, before: null, nowMs: this.#now() };
    const told = this.#core.decide('request.validate', given, wrong);
    if (told) return { kind: 'refused', problem: told };
    return this.#begin(by, asked.lock, { kind: 'mode', mode: asked.mode }, declaration.timing.operateMs);
  };

  readonly scheduleMode = (by: Admitted, asked: ActionOf<'scheduleMode'>): Reply => {
    const { declaration } = this.#core;
    const { lock, mode, startMs, endMs } = asked;
    const nowMs = this.#now();
    const untimely = endMs <= startMs ? problem('window-inverted') : endMs <= nowMs ? problem('window-past') : null;
    const wrong = declaration.modes.includes(mode) ? untimely : problem('mode-unknown');
    const told = this.#core.decide('request.validate', { route: asked.route, request: asked, before: null, nowMs }, wrong);
    if (told) return { kind: 'refused', problem: told };
    return this.#begin(by, lock, { kind: 'spell', spell: { mode, startMs, endMs } }, declaration.timing.operateMs);
  };

  readonly clearModes = (by: Admitted, { lock }: ActionOf<'clearModes'>): Reply =>
    this.#begin(by, lock, { kind: 'spell', spell: null }, this.#core.declaration.timing.operateMs);

  readonly install = (by: Admitted, asked: ActionOf<'installFirmware'>): Reply => {
    const known = this.#core.declaration.firmware;
    const running = known.indexOf(this.#core.store.locks.get(asked.lock)?.status?.firmware ?? '');
    const wrong: Problem | null = known.indexOf(asked.version) < Math.max(0, running) ? problem('firmware-unknown') : null;
    const given = { route: asked.route, request: asked, before: null, nowMs: this.#now() };
    const told = this.#core.decide('request.validate', given, wrong);
    if (told) return { kind: 'refused', problem: told };
    const { version, image } = asked;
    return this.#begin(
      by,
      asked.lock,
      { kind: 'install', version, image },
      Math.max(installMs, this.#core.declaration.timing.operateMs),
    );
  };

  /** Finds the work that waits again, after a restart. */
  readonly recall = (): void => {
    this.#pending.clear();
    for (const { id, lock, state } of this.#core.store.operations.values()) {
      if (state === 'pending') this.#pending.set(lock, (this.#pending.get(lock) ?? new Set<string>()).add(id));
    }
  };
}
