import type { Decide } from '../decisions.ts';
import type { LogEntry, Method } from './points.ts';
import type { LockRecord } from './port.ts';
import type { Timekeeper } from './timekeeper.ts';

/** Who did something; all null where nobody is known. */
export interface Doer {
  readonly method: Method | null;
  readonly slot?: number | null;
  readonly tag?: string | null;
  readonly integration?: string | null;
}

/** The lock's own log: numbered, bounded, kept over loss of power. */
export interface Journal {
  add(what: LockRecord['what'], by?: Doer): void;
  /** An entry of a kind that only newer firmware knows. */
  addNovel(name: string): void;
  entries(): readonly LogEntry[];
  /** Puts back what came through a loss of power; numbering goes on. */
  restore(entries: readonly LogEntry[]): void;
  /** Number of the newest record ever made, 0 before the first. */
  newest(): number;
  /** Number of the oldest record kept; one past the newest when none is. */
  oldest(): number;
}

/** A log of at most `capacity` records, of which the oldest fall off. `changed` is called after each append. */
export function createJournal(capacity: number, time: Timekeeper, decide: Decide, changed: () => void): Journal {
  let log: readonly LogEntry[] = [];
  let newest = 0;
  const append = (record: LogEntry): void => {
    const more = decide('log.append', { record, log, capacity }, [record]);
    newest = more.reduce((last, entry) => Math.max(last, entry.seq), newest);
    log = [...log, ...more].slice(-capacity);
    changed();
  };
  const stamp = (by: Doer) => ({
    seq: newest + 1,
    deviceMs: time.nowMs(),
    clockKnown: time.known(),
    method: by.method,
    slot: by.slot ?? null,
    tag: by.tag ?? null,
    integration: by.integration ?? null,
  });
  return {
    add: (what, by = { method: null }) => append({ ...stamp(by), what }),
    addNovel: (name) => append({ ...stamp({ method: null }), what: 'novel', name }),
    entries: () => log,
    restore: (entries) => {
      log = entries;
    },
    newest: () => newest,
    oldest: () => log[0]?.seq ?? newest + 1,
  };
}
