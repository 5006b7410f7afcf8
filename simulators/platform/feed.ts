import type { EventView } from '../../contract/event.ts';
import type { FeedView } from './actions.ts';
import type { Core } from './core.ts';
import type { EventDraft, EventRecord, Scope } from './records.ts';
import { kept, type Feed } from './store.ts';

/** Retention is tidied when this many events are due: each tidying moves the whole list once. */
const tidyStep = 500;

/** Removes what retention has ended; what is gone is remembered as an instant. */
function tidy(feed: Feed, nowMs: number, retentionMs: number): void {
  const { events } = feed;
  const dueMs = nowMs - retentionMs;
  let gone = Math.max(0, events.length - kept.events);
  const first = events[0];
  if (!gone && (!first || first.view.platformMs >= dueMs)) return;
  while (gone < events.length && (events[gone]?.view.platformMs ?? nowMs) < dueMs) gone += 1;
  if (gone < tidyStep && events.length <= kept.events + tidyStep && gone < events.length) return;
  const last = events[gone - 1];
  if (last) feed.lostMs = last.view.platformMs + 1;
  feed.events = events.slice(gone);
}

/** Records an event now. What comes back is what stands in the feed first; null when nothing was recorded. */
export function append(core: Core, account: string, draft: EventDraft): readonly EventRecord[] {
  const feed = core.store.feed(account);
  const nowMs = core.world.clock.nowMs();
  tidy(feed, nowMs, core.declaration.api.eventRetentionMs);
  const view: EventView = { id: core.store.id('ev'), ...draft, platformMs: nowMs };
  const event: EventRecord = { order: feed.next, account, view };
  const joined = core.decide('feed.append', { tail: feed.events, event }, [event]).map((record) => {
    const placed = { ...record, order: feed.next };
    feed.next += 1;
    return placed;
  });
  feed.events.push(...joined);
  return joined;
}

/** Index of the first event after a place. */
function firstAfter(events: readonly EventRecord[], after: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.order ?? Infinity) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One page of an account's feed. `cursorOf` spells a place for the caller. */
export function read(
  core: Core,
  account: string,
  asked: { readonly after: number; readonly limit: number; readonly scopes: readonly Scope[] },
  cursorOf: (after: number) => string,
): FeedView {
  const feed = core.store.feed(account);
  tidy(feed, core.world.clock.nowMs(), core.declaration.api.eventRetentionMs);
  const { events } = feed;
  const from = firstAfter(events, asked.after);
  const page = events.slice(from, from + asked.limit);
  const honest = { events: page.map((event) => event.view), after: page.at(-1)?.order ?? Math.max(asked.after, feed.next - 1) };
  const told = core.decide('feed.read', { events, ...asked }, honest);
  const oldest = events[0]?.order ?? feed.next;
  return {
    kind: 'feed',
    events: told.events,
    cursor: cursorOf(told.after),
    horizonMs: asked.after + 1 < oldest ? feed.lostMs : null,
  };
}
