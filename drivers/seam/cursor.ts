import { createHash } from 'node:crypto';
import type { EventView } from '../../contract/event.ts';
import { isFields } from './codec.ts';

/**
 * The place in an event list that has none. Seam lists events after an instant (`since`) and has no cursor, so ours is
 * the newest instant that was read, and the marks of all events read within `overlapMs` before it. Reading on asks from
 * that much earlier and leaves out what has a mark: each event is delivered once, and one that turns up late, but within
 * the overlap, is still found.
 */
export interface Place {
  readonly atMs: number;
  readonly marks: readonly string[];
}

/** How much later than its own instant an event may turn up and still be found. */
export const overlapMs = 10_000;
/** Most marks in a cursor; where more events fall into the overlap, the oldest marks leave and the overlap gets shorter. */
export const maxMarks = 400;
/** Longest cursor that is read back. */
const maxCursorChars = 16_000;

/** The beginning of the feed. */
export const start: Place = { atMs: 0, marks: [] };

/** Of all that an event says, so that one which was changed after it was read is delivered again, and can be seen to be. */
const mark = (event: EventView): string =>
  `${event.platformMs.toString(36)}.${createHash('sha256').update(JSON.stringify(event)).digest('base64url').slice(0, 12)}`;
const markMs = (text: string): number => Number.parseInt(text.split('.')[0] ?? '', 36);

/** A cursor as text. */
export const writeCursor = (place: Place): string =>
  Buffer.from(JSON.stringify({ at: place.atMs, seen: place.marks })).toString('base64url');

/** The place that a cursor names; null for a text that is none of ours. */
export function readCursor(text: string): Place | null {
  if (text.length > maxCursorChars) return null;
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (!isFields(read) || typeof read['at'] !== 'number' || !Array.isArray(read['seen'])) return null;
    return { atMs: read['at'], marks: read['seen'].filter((one) => typeof one === 'string').slice(-maxMarks) };
  } catch {
    return null;
  }
}

/** Events before this were delivered, or came too late. With marks dropped, what is older than the kept ones counts as delivered. */
function floorMs(place: Place): number {
  const [oldest] = place.marks;
  const overlapFrom = Math.max(0, place.atMs - overlapMs);
  return place.marks.length >= maxMarks && oldest !== undefined ? Math.max(overlapFrom, markMs(oldest) + 1) : overlapFrom;
}

/** The instant to ask from: one ms early, because `since` excludes its own instant at some platforms. */
export const sinceMs = (place: Place): number => Math.max(0, floorMs(place) - 1);

/**
 * What of a listing is new, at most `limit` of it, and the place after it. The platform's order is kept, unless the
 * limit cuts: then the oldest are taken, so that reading on finds the rest. An id that one listing holds twice stays so.
 */
export function advance(
  place: Place,
  listed: readonly EventView[],
  limit: number,
): { readonly fresh: readonly EventView[]; readonly next: Place } {
  const known = new Set(place.marks);
  const fromMs = floorMs(place);
  const unseen = listed.filter((event) => event.platformMs >= fromMs && !known.has(mark(event)));
  const fresh = unseen.length > limit ? unseen.toSorted((a, b) => a.platformMs - b.platformMs).slice(0, limit) : unseen;
  const atMs = fresh.reduce((latest, event) => Math.max(latest, event.platformMs), place.atMs);
  const marks = [...place.marks, ...fresh.map(mark)]
    .filter((one) => markMs(one) >= atMs - overlapMs)
    .toSorted((a, b) => markMs(a) - markMs(b))
    .slice(-maxMarks);
  return { fresh, next: { atMs, marks } };
}
