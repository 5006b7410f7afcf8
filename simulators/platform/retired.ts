import { act, type Core } from './core.ts';
import { journalist, logPage } from './journal.ts';
import type { LockPort } from '../lock/port.ts';
import type { LockRecord } from './records.ts';

/** A device that was replaced and is not wiped for certain. */
export interface Retired {
  /** The lock as it was when the device left. */
  readonly lock: LockRecord;
  readonly port: LockPort;
  logSeq: number;
  logMs: number | null;
  wiped: boolean;
  /** It was said that nobody knows whether it is wiped. */
  said: boolean;
}

/** A device in a drawer is asked seldom; it is heard at once when it comes back. */
const retryMs = 3_600_000;

/** Hears a replaced device out and wipes it, now or when it is heard of again. Ends when it is wiped or `stop` says so. */
export async function retirement(core: Core, old: Retired, stop: AbortSignal): Promise<void> {
  const alive = (): boolean => !stop.aborted;
  const { id, account } = old.lock;
  const journal = journalist(core);
  let waker = new AbortController();
  const wake = (): void => waker.abort(null);
  const quiet = old.port.listen(wake);
  stop.addEventListener('abort', wake, { once: true });

  const say = (confirmed: boolean): void => {
    const about = core.store.locks.get(id)?.predecessor?.event ?? null;
    core.tell(account, act('detail', { lock: id, confirmed, about: about === '' ? null : about }));
  };

  while (alive() && !old.wiped) {
    const log = await old.port.ask({ ask: 'log', after: old.logSeq, limit: logPage });
    if (!alive()) break;
    if (log?.answer === 'log') {
      const taken = journal.take(
        { ...old.lock, logSeq: old.logSeq, logMs: old.logMs },
        log.payloads,
        log.status,
        core.world.clock.nowMs(),
      );
      old.logSeq = taken.lock.logSeq;
      old.logMs = taken.lock.logMs;
      if (log.payloads.length >= logPage) continue;
      const answer = await old.port.ask({ ask: 'wipe' });
      if (!alive()) break;
      old.wiped = answer?.answer === 'done';
    }
    if (old.wiped) {
      const lock = core.store.locks.get(id);
      if (lock?.predecessor && lock.device === old.lock.device + 1) {
        core.store.locks.set(id, { ...lock, predecessor: { ...lock.predecessor, wiped: true } });
      }
      say(true);
    } else {
      if (!old.said) say(false);
      old.said = true;
      waker = new AbortController();
      await core.world.clock.sleep(retryMs, waker.signal);
    }
  }
  stop.removeEventListener('abort', wake);
  quiet();
}
