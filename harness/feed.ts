import type { EventView } from '../contract/event.ts';
import type { Answer } from '../contract/answer.ts';
import type { Actor } from '../contract/command.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Page } from '../contract/view.ts';

const maxPages = 2_000;
/** How often a reading that was throttled is taken up again, and after what time where the platform does not say. */
export const maxRetries = 10;
export const retryMs = 1_000;
type Answered = Answer<Page<EventView>>;

/** What is told while a feed is read. */
interface Telling {
  /** A page is asked for. */
  asked(): void;
  /** A page was refused because too much is asked: resolves after so many ms, when it may be asked for again. */
  throttled(waitMs: number): Promise<void>;
  /** A page was refused, or its answer was lost. */
  refused(answer: Exclude<Answered, { kind: 'ok' }>): void;
  heard(event: EventView, secretsSeen: readonly string[]): void;
}

/** Reads a feed from a place to its end, page by page; gives the place to read on from, and whether the end was reached. */
export async function readFeed(
  api: LockApi,
  as: Actor,
  since: string | null,
  isOver: () => boolean,
  tell: Telling,
): Promise<{ readonly after: string | null; readonly isComplete: boolean }> {
  let after = since;
  let retries = 0;
  for (let page = 0; page < maxPages && !isOver(); page++) {
    tell.asked();
    const answer = await api.perform(as, { do: 'readEvents', after });
    if (answer.kind !== 'ok') {
      tell.refused(answer);
      const isThrottled = answer.kind === 'refused' && answer.reason.class === 'rate';
      retries += 1;
      if (!isThrottled || retries > maxRetries) break;
      await tell.throttled(answer.reason.retryAfterMs ?? retryMs);
      continue;
    }
    const { items, cursor } = answer.value;
    for (const event of items) tell.heard(event, answer.facts.secretsSeen);
    const moved = cursor !== null && cursor !== after;
    after = cursor ?? after;
    if (items.length === 0 || !moved) return { after, isComplete: true };
  }
  return { after, isComplete: false };
}
