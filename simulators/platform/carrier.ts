import { decode } from '../lock/firmware.ts';
import type { FromLock, LockPort, ToLock } from '../lock/port.ts';
import { act, type Core } from './core.ts';
import type { GrantDesk } from './grants.ts';
import { journalist, logPage } from './journal.ts';
import { clockOffMs, type LockDesk } from './locks.ts';
import { outsiders } from './outside.ts';
import type { GrantRecord, LockRecord, OperationRecord, SyncJob } from './records.ts';
import { jobResult, operationResult } from './results.ts';

/** A silent lock is asked again after this, then twice this, up to a bound that depends on how long it is silent. */
const firstRetryMs = 500;
const quickTries = 20;
const slowRetryMs = 600_000;
const busyRetryMs = 1000;
/** Share of the declared time to offline after which a lock that says nothing is asked how it is. */
const heartbeatShare = 0.8;
/** The platform takes a credential off this long after its window; the lock keeps the window by itself. */
const endSlackMs = 60_000;
/** A clock that is further off than this is set. */
const settableMs = 250;
/** An operation is not begun so late that it could not end in its time; beside the bolt's own time. */
const notAfterMarginMs = 500;

/** A lock that speaks by itself has lost what it did not answer in this time. */
const patienceMs = 500;

type Task = () => Promise<void>;

/** A question on its way. `leave` gives it up. */
interface Asked {
  readonly sentMs: number;
  /** Answered only when something at the lock has come to its end. */
  readonly long: boolean;
  readonly leave: () => void;
}

/** Works for one lock: carries what is wished, hears what is said, one question at a time, until `alive` says no. */
export function carrier(core: Core, grants: GrantDesk, locks: LockDesk, id: string, port: LockPort, alive: () => boolean) {
  const { store, decide, declaration } = core;
  const { clock } = core.world;
  const { timing, time } = declaration;
  const journal = journalist(core);
  const outside = outsiders(core);
  const startedMs = clock.nowMs();
  let fresh = false;
  let knocked = true;
  let tableDue = true;
  let attempt = 0;
  let heardMs = -Infinity;
  let retryAtMs = 0;
  let waker = new AbortController();
  let strays: readonly number[] = [];
  let asked: Asked | null = null;

  const lockOf = (): LockRecord => {
    const lock = store.locks.get(id);
    if (!lock) throw new Error('a lock that is carried for is not kept');
    return lock;
  };
  const save = (lock: LockRecord): void => {
    store.locks.set(id, lock);
  };

  const pauseAfter = (outcome: 'lost' | 'busy', job: SyncJob | null): void => {
    attempt += 1;
    const slow = attempt > quickTries ? slowRetryMs : Math.max(1000, Math.min(timing.reconnectMs / 2, 15_000));
    const honest = outcome === 'busy' ? busyRetryMs : Math.min(firstRetryMs * 2 ** Math.min(attempt - 1, 20), slow);
    const delayMs = decide('retry', { lock: id, attempt, outcome, job }, honest);
    if (delayMs === null && job) drop(job);
    retryAtMs = clock.nowMs() + (delayMs ?? 0);
  };

  /** Asks, and notes what every answer tells of the lock. Null after a silence, and when nobody works here any more. */
  const ask = async (message: ToLock, job: SyncJob | null = null): Promise<FromLock | null> => {
    const sentMs = clock.nowMs();
    const long = message.ask === 'bolt' || message.ask === 'install';
    const left = new Promise<null>((resolve) => {
      asked = { sentMs, long, leave: () => resolve(null) };
    });
    // Messages are numbered on their way, so that one that is given up can do nothing after a newer one.
    const answer = await Promise.race([port.ask(message), left]);
    asked = null;
    if (!alive()) return null;
    const nowMs = clock.nowMs();
    if (!answer) {
      fresh = false;
      pauseAfter('lost', job);
      if (heardMs >= sentMs) retryAtMs = 0;
      return null;
    }
    const before = lockOf();
    const { status } = answer;
    save({ ...before, status, asOfMs: sentMs, contactMs: nowMs, aheadMs: status.deviceMs - nowMs, saidOffline: false });
    if (before.saidOffline) core.tell(before.account, act('lock.online', { lock: id, confirmed: true }));
    attempt = 0;
    retryAtMs = 0;
    return answer;
  };

  const hello: Task = async () => {
    const awayMs = clock.nowMs() - (lockOf().contactMs ?? startedMs);
    const anew = !fresh;
    const answer = await ask({ ask: 'status' });
    if (!answer || !anew) return;
    fresh = true;
    knocked = true;
    tableDue = true;
    const queue = store.queue(id);
    const all = [...store.grantsOf(id).values()];
    store.queues.set(id, decide('sync.reconnect', { lock: id, queue, grants: all, awayMs }, queue));
  };

  const clockDue = (): number | null => {
    const lock = lockOf();
    const { status, clockSetMs } = lock;
    if (!status) return null;
    const nowMs = clock.nowMs();
    const off = Math.abs(lock.aheadMs) > settableMs && (clockSetMs === null || nowMs - clockSetMs > busyRetryMs);
    const due = clockSetMs === null || nowMs - clockSetMs >= time.syncEveryMs;
    const honest = off || due || !status.clockKnown ? nowMs : null;
    return decide('clock.sync', { lock, status, nowMs, everyMs: time.syncEveryMs }, honest);
  };

  const setClock =
    (nowMs: number): Task =>
    async () => {
      const answer = await ask({ ask: 'clock', nowMs });
      if (!answer) return;
      save({ ...lockOf(), clockSetMs: clock.nowMs() });
      if (!answer.status.clockKnown || Math.abs(lockOf().aheadMs) > clockOffMs) retryAtMs = clock.nowMs() + busyRetryMs;
    };

  const drop = (job: SyncJob): void => {
    const rest = store.queue(id).filter((waiting) => waiting.grant !== job.grant || waiting.intent !== job.intent);
    store.queues.set(id, rest);
  };

  const messageOf = (job: SyncJob, grant: GrantRecord | undefined): Extract<ToLock, { ask: 'set' | 'clear' }> => {
    const { slot, terms } = job;
    if (job.kind === 'clear') return { ask: 'clear', slot };
    const usesLeft = terms.uses === null ? null : Math.max(0, terms.uses - (grant?.used ?? 0));
    const { digits, window: schedule, suspended } = terms;
    const credential = { slot, digits, schedule, usesLeft, enabled: !suspended, tag: job.grant };
    return { ask: 'set', credential, usedAfter: lockOf().logSeq };
  };

  const sayResult = (before: GrantRecord, after: GrantRecord, deviceMs: number): void => {
    if (before.sync === after.sync || after.sync === 'pending') return;
    const verb = after.sync === 'failed' ? 'grant.failed' : after.wish === 'revoked' ? 'grant.revoked' : 'grant.set';
    core.tell(after.account, act(verb, { lock: id, grant: after.id, user: after.user, deviceMs, confirmed: true }));
  };

  const carry =
    (job: SyncJob): Task =>
    async () => {
      const grant = store.grants.get(job.grant);
      const message = decide('sync.send', { job, grant: grant ?? null }, messageOf(job, grant));
      if (grant && message.ask === 'set' && !grant.maybe.includes(message.credential.digits)) {
        store.putGrant({ ...grant, maybe: [...grant.maybe, message.credential.digits] });
      }
      const answer = await ask(message, job);
      if (!alive()) return;
      const outcome = answer?.answer === 'done' || answer?.answer === 'refused' ? answer : null;
      const before = store.grants.get(job.grant);
      if (!before) return drop(job);
      const nowMs = clock.nowMs();
      const told = decide('sync.result', { job, before, outcome, nowMs }, jobResult(job, before, outcome, nowMs));
      store.putGrant(told.grant);
      if (told.keep && outcome) pauseAfter('busy', job);
      if (!told.keep) drop(job);
      if (told.grant.sync === 'failed') tableDue = true;
      sayResult(before, told.grant, outcome?.status.deviceMs ?? nowMs);
    };

  const bolt = (operation: OperationRecord): ToLock => {
    const { work, integration, expiresMs } = operation;
    if (work.kind === 'install') return { ask: 'install', version: work.version, image: work.image };
    const nowMs = clock.nowMs();
    const marginMs = Math.min(timing.boltMs + notAfterMarginMs, timing.operateMs / 4);
    const lastMs = nowMs < expiresMs ? expiresMs - marginMs : nowMs + timing.operateMs;
    return { ask: 'bolt', to: work.kind === 'lock' ? 'locked' : 'unlocked', integration, notAfterMs: lastMs + lockOf().aheadMs };
  };

  const operate =
    (operation: OperationRecord): Task =>
    async () => {
      const { work } = operation;
      const answer = await ask(bolt(operation));
      if (!alive()) return;
      const outcome = answer?.answer === 'done' || answer?.answer === 'refused' ? answer : null;
      const now = locks.current(store.operations.get(operation.id) ?? operation);
      if (now.state !== 'pending') return;
      const nowMs = clock.nowMs();
      // A second try of an update that succeeded unheard finds the version there.
      const there = work.kind === 'install' && outcome?.status.firmware === work.version && now.maybe;
      const honest = there ? ({ state: 'done', cause: null, maybe: false } as const) : operationResult(now, outcome);
      const told = decide('operation.result', { operation: now, outcome, nowMs }, honest);
      locks.keep({ ...now, ...told, endedMs: told.state === 'pending' ? null : nowMs });
      if (outcome && told.state === 'pending') pauseAfter('busy', null);
    };

  const pull: Task = async () => {
    knocked = false;
    const answer = await ask({ ask: 'log', after: lockOf().logSeq, limit: logPage });
    if (answer?.answer !== 'log') {
      knocked = true;
      if (answer) pauseAfter('busy', null);
      return;
    }
    const told = new Set<number>();
    for (const payload of answer.payloads) {
      const record = decode(payload);
      if (!('unknown' in record) && record.what === 'code-added' && record.slot !== null) told.add(record.slot);
    }
    if (told.size > 0) {
      // Who is known before his acts are told has a name in them.
      const table = await ask({ ask: 'table' });
      if (table?.answer !== 'table') return;
      outside.take(lockOf(), table.table, told, false);
    }
    const taken = journal.take(lockOf(), answer.payloads, answer.status, clock.nowMs());
    save({ ...lockOf(), logSeq: taken.lock.logSeq, logMs: taken.lock.logMs });
    if (taken.edited) tableDue = true;
    if (answer.payloads.length >= logPage) knocked = true;
  };

  const readTable: Task = async () => {
    const answer = await ask({ ask: 'table' });
    if (answer?.answer !== 'table') {
      if (answer) pauseAfter('busy', null);
      return;
    }
    if (behind()) return;
    tableDue = false;
    // Waiting work will change the table by itself.
    const queued = new Set(store.queue(id).map((job) => job.slot));
    strays = outside.take(lockOf(), answer.table, new Set(), true).filter((slot) => !queued.has(slot));
  };

  const sweep =
    (slot: number): Task =>
    async () => {
      if (await ask({ ask: 'clear', slot })) strays = strays.filter((stray) => stray !== slot);
    };

  const behind = (): boolean => (lockOf().status?.newest ?? 0) > lockOf().logSeq;

  /** What needs no lock: saying that it is silent, and ending what is over. */
  const endings = (): number => {
    const lock = lockOf();
    const nowMs = clock.nowMs();
    const silentMs = nowMs - (lock.contactMs ?? startedMs);
    if (!lock.saidOffline && silentMs >= timing.offlineAfterMs && locks.offline(lock)) {
      save({ ...lock, saidOffline: true });
      core.tell(lock.account, act('lock.offline', { lock: id, confirmed: false }));
    }
    let nextMs = Infinity;
    for (const grant of store.grantsOf(id).values()) {
      if (grant.goneMs !== null) {
        if (!grants.readable(grant)) store.dropGrant(grant);
        continue;
      }
      const { endMs } = grant.terms.window;
      if (endMs === null || grant.ended || grant.wish === 'revoked' || grant.integration === null) continue;
      if (nowMs >= endMs + endSlackMs) grants.end(grant);
      else nextMs = Math.min(nextMs, endMs + endSlackMs);
    }
    return nextMs;
  };

  /** The next thing to do, or the instant to wait for. */
  const choose = (): Task | number => {
    const endsMs = endings();
    const nowMs = clock.nowMs();
    const lock = lockOf();
    const silentAtMs = lock.saidOffline ? Infinity : (lock.contactMs ?? startedMs) + timing.offlineAfterMs;
    if (nowMs < retryAtMs) return Math.min(retryAtMs, endsMs, silentAtMs > nowMs ? silentAtMs : Infinity);
    if (!fresh) return hello;
    const toMs = clockDue();
    if (toMs !== null) return setClock(toMs);
    const queue = store.queue(id);
    const place = queue.findIndex((job) => job.narrowing);
    const job = queue.length === 0 ? undefined : queue[decide('sync.order', { lock: id, queue }, Math.max(0, place))];
    if (job?.narrowing) return carry(job);
    const operation = locks.waiting(id)[0];
    if (operation) return operate(operation);
    if (knocked || behind()) return pull;
    if (job) return carry(job);
    if (tableDue) return readTable;
    const stray = strays[0];
    if (stray !== undefined) return sweep(stray);
    const beatMs = (lock.contactMs ?? startedMs) + Math.max(1000, heartbeatShare * timing.offlineAfterMs);
    if (nowMs >= beatMs) return hello;
    const syncMs = (lock.clockSetMs ?? nowMs) + time.syncEveryMs;
    return Math.min(beatMs, syncMs, endsMs);
  };

  const run = async (): Promise<void> => {
    while (alive()) {
      const next = choose();
      if (typeof next === 'number') {
        waker = new AbortController();
        await clock.sleep(Math.max(0, next - clock.nowMs()), waker.signal);
      } else {
        await next();
      }
    }
  };

  const heard = (): void => {
    knocked = true;
    heardMs = clock.nowMs();
    if (!fresh) retryAtMs = 0;
    waker.abort(null);
    if (!asked || asked.long) return;
    const { sentMs, leave } = asked;
    if (!fresh || heardMs - sentMs >= patienceMs) leave();
    else void clock.sleep(sentMs + patienceMs - heardMs).then(leave);
  };
  const stopListening = port.listen(heard);

  return {
    run,
    wake: (): void => waker.abort(null),
    stop: (): void => {
      stopListening();
      waker.abort(null);
    },
  };
}
export type Carrier = ReturnType<typeof carrier>;
