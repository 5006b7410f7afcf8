import type { HttpReply } from '../../contract/link.ts';
import type { Facts } from '../../contract/answer.ts';
import type { PinSymbol } from '../../contract/grant.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { Clock } from '../../contract/world.ts';

/** What is noted while one command is carried out, for its facts. */
export interface Book {
  /** A request is about to be sent. */
  sent(): void;
  /** A reply came. */
  heard(reply: HttpReply): void;
  /** The status that counts, where a later reply was only a look at what came of it. */
  counts(status: number): void;
  /** The answer departs from the published shape at these field paths. */
  departs(paths: readonly string[]): void;
  facts(): Facts;
}

/** Most departures kept for one command. */
const maxWireFaults = 20;

const whole = (value: string | undefined): number | null =>
  value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;

/** The RateLimit fields, where all three are announced. */
export function rateOf(headers: Readonly<Record<string, string>>): Facts['rate'] {
  const limit = whole(headers['ratelimit-limit']);
  const remaining = whole(headers['ratelimit-remaining']);
  const reset = whole(headers['ratelimit-reset']);
  return limit === null || remaining === null || reset === null ? null : { limit, remaining, resetMs: reset * 1000 };
}

/** Opens the book of one command. */
export function openBook(clock: Clock, secrets: Secrets): Book {
  const startMs = clock.nowMs();
  const faults = new Set<string>();
  const seen = new Set<PinSymbol>();
  let tries = 0;
  let status: number | null = null;
  let rate: Facts['rate'] = null;
  return {
    sent: () => {
      tries += 1;
    },
    heard: (reply) => {
      status = reply.status;
      rate = rateOf(reply.headers);
      for (const pin of secrets.seenIn(reply.body)) seen.add(pin);
    },
    counts: (decisive) => {
      status = decisive;
    },
    departs: (paths) => {
      for (const path of paths) if (faults.size < maxWireFaults) faults.add(path);
    },
    facts: () => ({
      tookMs: clock.nowMs() - startMs,
      tries,
      status,
      secretsSeen: [...seen],
      wireFaults: [...faults],
      rate,
    }),
  };
}
