import type { LockApi } from '../contract/lock.ts';
import type { Clock } from '../contract/world.ts';
import { maxRetries, retryMs } from './feed.ts';

/** How far the event feed of a target has been read by run after run; null: never. */
export interface FeedEnd {
  cursor: string | null;
}

const maxPages = 2_000;

/**
 * Reads on to where the feed ends now, so that what stood in it before a run is not taken for the run's. Undefined where
 * that cannot be found out: then nothing can be said of this run's events.
 */
export async function readToEnd(
  api: LockApi,
  feedEnd: FeedEnd,
  clock: Clock,
  isOver: () => boolean,
): Promise<string | null | undefined> {
  let retries = 0;
  for (let page = 0; page < maxPages && !isOver(); page++) {
    const answer = await api.perform('owner', { do: 'readEvents', after: feedEnd.cursor });
    if (answer.kind === 'ok') {
      const { cursor, items } = answer.value;
      if (cursor === null || cursor === feedEnd.cursor || items.length === 0) return cursor ?? feedEnd.cursor;
      feedEnd.cursor = cursor;
    } else {
      const isThrottled = answer.kind === 'refused' && answer.reason.class === 'rate';
      retries += 1;
      if (!isThrottled || retries > maxRetries) return undefined;
      await clock.sleep(answer.reason.retryAfterMs ?? retryMs);
    }
  }
  return isOver() ? undefined : feedEnd.cursor;
}
