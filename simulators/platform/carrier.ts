import { decode } from '../lock/firmware.ts';
import type { LockPort, ToLock } from '../lock/port.ts';
import { busyRetryMs, Contact } from './contact.ts';
import { act, type Core } from './core.ts';
import type { GrantDesk } from './grants.ts';
import { journalist, logPage } from './journal.ts';
import { clockOffMs, type LockDesk } from './locks.ts';
import { Outsiders } from './outside.ts';
import type { GrantRecord, OperationRecord, SyncJob } from './records.ts';
import { jobResult, operationResult } from './results.ts';

/** Share of the declared time to offline after which a lock that says nothing is asked how it is. */
const heartbeatShare = 0.8;
/** The platform takes a credential off this long after its window; the lock keeps the window by itself. */
const endSlackMs = 60_000;
/** A clock that is further off than this is set. */
const settableMs = 250;
/** An operation is not begun so late that it could not end in its time; beside the bolt's own time. */
const notAfterMarginMs = 500;

type Task = () => Promise<void>;

/** Works for one lock: carries what is wished, hears what is said, one question at a time, until `alive` says no. */
export class Carrier {
  readonly #core: Core;
  readonly #grants: GrantDesk;
  readonly #locks: LockDesk;
  readonly #id: string;
  readonly #contact: Contact;
  readonly #alive: () => boolean;

  constructor(core: Core, grants: GrantDesk, locks: LockDesk, id: string, port: LockPort, alive: () => boolean) {
    this.#core = core;
    this.#grants = grants;
    this.#locks = locks;
    this.#id = id;
    this.#contact = new Contact(core, id, port, alive, this.#drop);
    this.#alive = alive;
    this.#journal = journalist(core);
    this.#outside = new Outsiders(core);
    this.#startedMs = core.world.clock.nowMs();
    this.#stopListening = port.listen(() => {
      this.#knocked = true;
      this.#waker.abort(null);
      this.#contact.heard();
    });
  }
  readonly #journal: ReturnType<typeof journalist>;
  readonly #outside: Outsiders;
  readonly #startedMs: number;
  #knocked = true;
  #tableDue = true;
  #waker = new AbortController();
  #strays: readonly number[] = [];

  readonly #hello: Task = async () => {
    const awayMs = this.#core.world.clock.nowMs() - (this.#contact.lockOf().contactMs ?? this.#startedMs);
    const anew = !this.#contact.fresh;
    const answer = await this.#contact.ask({ ask: 'status' });
    if (!answer || !anew) return;
    this.#contact.fresh = true;
    this.#knocked = true;
    this.#tableDue = true;
    const queue = this.#core.store.queue(this.#id);
    const all = [...this.#core.store.grantsOf(this.#id).values()];
    this.#core.store.queues.set(
      this.#id,
      this.#core.decide('sync.reconnect', { lock: this.#id, queue, grants: all, awayMs }, queue),
    );
  };

  readonly #clockDue = (): number | null => {
    const lock = this.#contact.lockOf();
    const { status, clockSetMs } = lock;
    if (!status) return null;
    const nowMs = this.#core.world.clock.nowMs();
    const off = Math.abs(lock.aheadMs) > settableMs && (clockSetMs === null || nowMs - clockSetMs > busyRetryMs);
    const due = clockSetMs === null || nowMs - clockSetMs >= this.#core.declaration.time.syncEveryMs;
    const honest = off || due || !status.clockKnown ? nowMs : null;
    return this.#core.decide('clock.sync', { lock, status, nowMs, everyMs: this.#core.declaration.time.syncEveryMs }, honest);
  };

  readonly #setClock =
    (nowMs: number): Task =>
    async () => {
      const answer = await this.#contact.ask({ ask: 'clock', nowMs });
      if (!answer) return;
      this.#contact.save({ ...this.#contact.lockOf(), clockSetMs: this.#core.world.clock.nowMs() });
      if (!answer.status.clockKnown || Math.abs(this.#contact.lockOf().aheadMs) > clockOffMs)
        this.#contact.retryAtMs = this.#core.world.clock.nowMs() + busyRetryMs;
    };

  readonly #drop = (job: SyncJob): void => {
    const rest = this.#core.store
      .queue(this.#id)
      .filter((waiting) => waiting.grant !== job.grant || waiting.intent !== job.intent);
    this.#core.store.queues.set(this.#id, rest);
  };

  readonly #messageOf = (job: SyncJob, grant: GrantRecord | undefined): Extract<ToLock, { ask: 'set' | 'clear' }> => {
    const { slot, terms } = job;
    if (job.kind === 'clear') return { ask: 'clear', slot };
    const usesLeft = terms.uses === null ? null : Math.max(0, terms.uses - (grant?.used ?? 0));
    const { digits, window: schedule, lastsMs, duress, suspended } = terms;
    const lasting = lastsMs === null ? null : { forMs: lastsMs, firstMs: grant?.firstUseMs ?? null };
    const special = { ...(lasting && { lasting }), ...(duress && { duress }) };
    const credential = { slot, digits, schedule, usesLeft, ...special, enabled: !suspended, tag: job.grant };
    return { ask: 'set', credential, usedAfter: this.#contact.lockOf().logSeq };
  };

  readonly #sayResult = (before: GrantRecord, after: GrantRecord, deviceMs: number): void => {
    if (before.sync === after.sync || after.sync === 'pending') return;
    const verb = after.sync === 'failed' ? 'grant.failed' : after.wish === 'revoked' ? 'grant.revoked' : 'grant.set';
    this.#core.tell(after.account, act(verb, { lock: this.#id, grant: after.id, user: after.user, deviceMs, confirmed: true }));
  };

  readonly #carry =
    (job: SyncJob): Task =>
    async () => {
      const grant = this.#core.store.grants.get(job.grant);
      const message = this.#core.decide('sync.send', { job, grant: grant ?? null }, this.#messageOf(job, grant));
      if (grant && message.ask === 'set' && !grant.maybe.includes(message.credential.digits)) {
        this.#core.store.putGrant({ ...grant, maybe: [...grant.maybe, message.credential.digits] });
      }
      const answer = await this.#contact.ask(message, job);
      if (!this.#alive()) return;
      const outcome = answer?.answer === 'done' || answer?.answer === 'refused' ? answer : null;
      const before = this.#core.store.grants.get(job.grant);
      if (!before) return this.#drop(job);
      const nowMs = this.#core.world.clock.nowMs();
      const told = this.#core.decide('sync.result', { job, before, outcome, nowMs }, jobResult(job, before, outcome, nowMs));
      this.#core.store.putGrant(told.grant);
      if (told.keep && outcome) this.#contact.pauseAfter('busy', job);
      if (!told.keep) this.#drop(job);
      if (told.grant.sync === 'failed') this.#tableDue = true;
      this.#sayResult(before, told.grant, outcome?.status.deviceMs ?? nowMs);
    };

  readonly #message = (operation: OperationRecord): ToLock => {
    const { work, integration, expiresMs } = operation;
    if (work.kind === 'install') return { ask: 'install', version: work.version, image: work.image };
    const nowMs = this.#core.world.clock.nowMs();
    const marginMs = Math.min(
      this.#core.declaration.timing.boltMs + notAfterMarginMs,
      this.#core.declaration.timing.operateMs / 4,
    );
    const lastMs = nowMs < expiresMs ? expiresMs - marginMs : nowMs + this.#core.declaration.timing.operateMs;
    const notAfterMs = lastMs + this.#contact.lockOf().aheadMs;
    if (work.kind === 'spell') return { ask: 'spell', spell: work.spell, notAfterMs };
    if (work.kind === 'mode') return { ask: 'mode', to: work.mode, integration, notAfterMs };
    return {
      ask: 'bolt',
      ...(work.kind === 'lock' ? { to: 'locked' } : { to: 'unlocked', ...(work.forMs !== null && { forMs: work.forMs }) }),
      integration,
      notAfterMs,
    };
  };

  readonly #operate =
    (operation: OperationRecord): Task =>
    async () => {
      const { work } = operation;
      const answer = await this.#contact.ask(this.#message(operation));
      if (!this.#alive()) return;
      const outcome = answer?.answer === 'done' || answer?.answer === 'refused' ? answer : null;
      const now = this.#locks.current(this.#core.store.operations.get(operation.id) ?? operation);
      if (now.state !== 'pending') return;
      const nowMs = this.#core.world.clock.nowMs();
      // A second try of an update that succeeded unheard finds the version there.
      const there = work.kind === 'install' && outcome?.status.firmware === work.version && now.maybe;
      const honest = there ? ({ state: 'done', cause: null, maybe: false } as const) : operationResult(now, outcome);
      const told = this.#core.decide('operation.result', { operation: now, outcome, nowMs }, honest);
      this.#locks.keep({ ...now, ...told, endedMs: told.state === 'pending' ? null : nowMs });
      if (outcome && told.state === 'pending') this.#contact.pauseAfter('busy', null);
    };

  readonly #pull: Task = async () => {
    this.#knocked = false;
    const answer = await this.#contact.ask({ ask: 'log', after: this.#contact.lockOf().logSeq, limit: logPage });
    if (answer?.answer !== 'log') {
      this.#knocked = true;
      if (answer) this.#contact.pauseAfter('busy', null);
      return;
    }
    const told = new Set<number>();
    for (const payload of answer.payloads) {
      const record = decode(payload);
      if (!('unknown' in record) && record.what === 'code-added' && record.slot !== null) told.add(record.slot);
    }
    if (told.size > 0) {
      // Who is known before his acts are told has a name in them.
      const table = await this.#contact.ask({ ask: 'table' });
      if (table?.answer !== 'table') return;
      this.#outside.take(this.#contact.lockOf(), table.table, told, false);
    }
    const taken = this.#journal.take(this.#contact.lockOf(), answer.payloads, answer.status, this.#core.world.clock.nowMs());
    this.#contact.save({ ...this.#contact.lockOf(), logSeq: taken.lock.logSeq, logMs: taken.lock.logMs });
    if (taken.edited) this.#tableDue = true;
    if (answer.payloads.length >= logPage) this.#knocked = true;
  };

  readonly #readTable: Task = async () => {
    const answer = await this.#contact.ask({ ask: 'table' });
    if (answer?.answer !== 'table') {
      if (answer) this.#contact.pauseAfter('busy', null);
      return;
    }
    if (this.#behind()) return;
    this.#tableDue = false;
    // Waiting work will change the table by itself.
    const queued = new Set(this.#core.store.queue(this.#id).map((job) => job.slot));
    this.#strays = this.#outside.take(this.#contact.lockOf(), answer.table, new Set(), true).filter((slot) => !queued.has(slot));
  };

  readonly #sweep =
    (slot: number): Task =>
    async () => {
      if (await this.#contact.ask({ ask: 'clear', slot })) this.#strays = this.#strays.filter((stray) => stray !== slot);
    };

  readonly #behind = (): boolean => (this.#contact.lockOf().status?.newest ?? 0) > this.#contact.lockOf().logSeq;

  /** What needs no lock: saying that it is silent, and ending what is over. */
  readonly #endings = (): number => {
    const lock = this.#contact.lockOf();
    const nowMs = this.#core.world.clock.nowMs();
    const silentMs = nowMs - (lock.contactMs ?? this.#startedMs);
    if (!lock.saidOffline && silentMs >= this.#core.declaration.timing.offlineAfterMs && this.#locks.offline(lock)) {
      this.#contact.save({ ...lock, saidOffline: true });
      this.#core.tell(lock.account, act('lock.offline', { lock: this.#id, confirmed: false }));
    }
    let nextMs = Infinity;
    for (const grant of this.#core.store.grantsOf(this.#id).values()) {
      if (grant.goneMs !== null) {
        // What its lock has still to tell of it has its name in it.
        if (!this.#grants.readable(grant) && !this.#knocked && !this.#behind()) this.#core.store.dropGrant(grant);
        continue;
      }
      const { endMs } = grant.terms.window;
      if (endMs === null || grant.ended || grant.wish === 'revoked' || grant.integration === null) continue;
      if (nowMs >= endMs + endSlackMs) this.#grants.end(grant);
      else nextMs = Math.min(nextMs, endMs + endSlackMs);
    }
    return nextMs;
  };

  /** The next thing to do, or the instant to wait for. */
  readonly #choose = (): Task | number => {
    const endsMs = this.#endings();
    const nowMs = this.#core.world.clock.nowMs();
    const lock = this.#contact.lockOf();
    const silentAtMs = lock.saidOffline
      ? Infinity
      : (lock.contactMs ?? this.#startedMs) + this.#core.declaration.timing.offlineAfterMs;
    if (nowMs < this.#contact.retryAtMs)
      return Math.min(this.#contact.retryAtMs, endsMs, silentAtMs > nowMs ? silentAtMs : Infinity);
    if (!this.#contact.fresh) return this.#hello;
    const toMs = this.#clockDue();
    if (toMs !== null) return this.#setClock(toMs);
    const queue = this.#core.store.queue(this.#id);
    const place = queue.findIndex((job) => job.narrowing);
    const job =
      queue.length === 0 ? undefined : queue[this.#core.decide('sync.order', { lock: this.#id, queue }, Math.max(0, place))];
    if (job?.narrowing) return this.#carry(job);
    const operation = this.#locks.waiting(this.#id)[0];
    if (operation) return this.#operate(operation);
    if (this.#knocked || this.#behind()) return this.#pull;
    if (job) return this.#carry(job);
    if (this.#tableDue) return this.#readTable;
    const stray = this.#strays[0];
    if (stray !== undefined) return this.#sweep(stray);
    const beatMs =
      (lock.contactMs ?? this.#startedMs) + Math.max(1000, heartbeatShare * this.#core.declaration.timing.offlineAfterMs);
    if (nowMs >= beatMs) return this.#hello;
    // Where setting the clock was due and was decided against, it is due again a period later.
    const dueMs = (lock.clockSetMs ?? nowMs) + this.#core.declaration.time.syncEveryMs;
    const syncMs = dueMs > nowMs ? dueMs : nowMs + this.#core.declaration.time.syncEveryMs;
    return Math.min(beatMs, syncMs, endsMs);
  };

  readonly run = async (): Promise<void> => {
    while (this.#alive()) {
      const next = this.#choose();
      if (typeof next === 'number') {
        this.#waker = new AbortController();
        await this.#core.world.clock.sleep(Math.max(0, next - this.#core.world.clock.nowMs()), this.#waker.signal);
      } else {
        await next();
      }
    }
  };

  readonly #stopListening: () => void;

  /** There is something to do. */
  readonly wake = (): void => {
    this.#waker.abort(null);
  };

  /** Nobody works here any more. */
  readonly stop = (): void => {
    this.#stopListening();
    this.#waker.abort(null);
  };
}
