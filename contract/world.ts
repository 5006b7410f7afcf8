/** All that may differ between two runs: time and chance. Made once by harness/open.ts. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
}

/** A source of time. `nowMs` is milliseconds since the Unix epoch on this bench's own timeline. */
export interface Clock {
  nowMs(): number;
  /** Resolves after `delayMs`, or at once when `signal` aborts (never rejects, so a finished wait leaves no alarm behind). */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** A seeded source of chance. Two splits with the same label of the same source give the same numbers. */
export interface Random {
  /** A whole number from 0 up to and excluding `limit`. */
  below(limit: number): number;
  split(label: string): Random;
}

export type Timed<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'late' };

/**
 * The one deadline function: runs `work` for at most `limitMs` and aborts the signal it was given when time is up.
 * A late result of `work` is dropped, a late rejection too; an early rejection is passed on.
 */
export async function within<T>(clock: Clock, limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<Timed<T>> {
  const done = new AbortController();
  const stop = new AbortController();
  const timer = clock.sleep(limitMs, done.signal).then((): Timed<T> => {
    if (!done.signal.aborted) stop.abort(null);
    return { kind: 'late' };
  });
  const job = work(stop.signal).then((value): Timed<T> => ({ kind: 'done', value }));
  try {
    return await Promise.race([job, timer]);
  } finally {
    // With a reason of its own: making the usual one costs more than all the rest.
    done.abort(null);
    job.catch(() => undefined);
  }
}
