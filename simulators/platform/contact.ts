import type { FromLock, LockPort, ToLock } from '../lock/port.ts';
import { act, type Core } from './core.ts';
import type { LockRecord, SyncJob } from './records.ts';

/** A silent lock is asked again after this, then twice this, up to a bound that depends on how long it is silent. */
const firstRetryMs = 500;
const quickTries = 20;
const slowRetryMs = 600_000;
/** A lock that speaks by itself has lost what it did not answer in this time. */
const patienceMs = 500;
/** A busy lock is asked again after this. */
export const busyRetryMs = 1000;

/** Questions that are answered only when something at the lock has come to its end. */
const awaited: ReadonlySet<ToLock['ask']> = new Set(['bolt', 'mode', 'spell', 'install']);

/** A question on its way. `leave` gives it up. */
interface Asked {
  readonly sentMs: number;
  /** Answered only when something at the lock has come to its end. */
  readonly long: boolean;
  readonly leave: () => void;
}

/** The talk with one lock: one question at a time, what each answer tells of the lock, and when to ask again. */
export class Contact {
  /** The lock answered the last question. */
  fresh = false;
  /** Nothing is asked before this, epoch ms. */
  retryAtMs = 0;
  readonly #core: Core;
  readonly #id: string;
  readonly #port: LockPort;
  readonly #alive: () => boolean;
  readonly #drop: (job: SyncJob) => void;
  #attempt = 0;
  #heardMs = -Infinity;
  #asked: Asked | null = null;

  constructor(core: Core, id: string, port: LockPort, alive: () => boolean, drop: (job: SyncJob) => void) {
    this.#core = core;
    this.#id = id;
    this.#port = port;
    this.#alive = alive;
    this.#drop = drop;
  }

  /** The lock as it is kept. */
  readonly lockOf = (): LockRecord => {
    const lock = this.#core.store.locks.get(this.#id);
    if (!lock) throw new Error('a lock that is carried for is not kept');
    return lock;
  };
  /** Keeps what is known of the lock. */
  readonly save = (lock: LockRecord): void => {
    this.#core.store.locks.set(this.#id, lock);
  };

  /** Waits before the next question; gives the job up where that is decided. */
  readonly pauseAfter = (outcome: 'lost' | 'busy', job: SyncJob | null): void => {
    this.#attempt += 1;
    const slow =
      this.#attempt > quickTries ? slowRetryMs : Math.max(1000, Math.min(this.#core.declaration.timing.reconnectMs / 2, 15_000));
    const honest = outcome === 'busy' ? busyRetryMs : Math.min(firstRetryMs * 2 ** Math.min(this.#attempt - 1, 20), slow);
    const delayMs = this.#core.decide('retry', { lock: this.#id, attempt: this.#attempt, outcome, job }, honest);
    if (delayMs === null && job) this.#drop(job);
    this.retryAtMs = this.#core.world.clock.nowMs() + (delayMs ?? 0);
  };

  /** Asks, and notes what every answer tells of the lock. Null after a silence, and when nobody works here any more. */
  readonly ask = async (message: ToLock, job: SyncJob | null = null): Promise<FromLock | null> => {
    const sentMs = this.#core.world.clock.nowMs();
    const long = awaited.has(message.ask);
    const left = new Promise<null>((resolve) => {
      this.#asked = { sentMs, long, leave: () => resolve(null) };
    });
    // Messages are numbered on their way, so that one that is given up can do nothing after a newer one.
    const answer = await Promise.race([this.#port.ask(message), left]);
    this.#asked = null;
    if (!this.#alive()) return null;
    const nowMs = this.#core.world.clock.nowMs();
    if (!answer) {
      this.fresh = false;
      this.pauseAfter('lost', job);
      if (this.#heardMs >= sentMs) this.retryAtMs = 0;
      return null;
    }
    const before = this.lockOf();
    const { status } = answer;
    this.save({ ...before, status, asOfMs: sentMs, contactMs: nowMs, aheadMs: status.deviceMs - nowMs, saidOffline: false });
    if (before.saidOffline) this.#core.tell(before.account, act('lock.online', { lock: this.#id, confirmed: true }));
    this.#attempt = 0;
    this.retryAtMs = 0;
    return answer;
  };

  /** The lock spoke by itself. */
  readonly heard = (): void => {
    this.#heardMs = this.#core.world.clock.nowMs();
    if (!this.fresh) this.retryAtMs = 0;
    if (!this.#asked || this.#asked.long) return;
    const { sentMs, leave } = this.#asked;
    if (!this.fresh || this.#heardMs - sentMs >= patienceMs) leave();
    else void this.#core.world.clock.sleep(sentMs + patienceMs - this.#heardMs).then(leave);
  };
}
