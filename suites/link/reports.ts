import type { Finding, Trace } from '../../contract/trace.ts';
import { found } from '../all/words.ts';
import type { Said } from './words.ts';

const nameOf = (kind: 'pin' | 'card', pin: string | null): string => (kind === 'card' ? `the card ${pin ?? ''}` : (pin ?? ''));

/** What was presented since the reading before, where somebody at the reader saw that it had power. */
export function presented(trace: Trace, from: number, to: number): readonly string[] {
  return trace.entries.slice(from + 1, to).flatMap((entry) => {
    if (entry.kind !== 'acted' || entry.sight.keypad === 'dead') return [];
    const { act: one } = entry;
    if (one.act === 'present') return [nameOf('pin', one.pin)];
    return one.act === 'card' ? [nameOf('card', one.pin)] : [];
  });
}

/** Where a reading told otherwise than was presented since the one before. */
export function amiss(trace: Trace, before: Said, reading: Said): Finding | null {
  const due = presented(trace, before.entry, reading.entry);
  const told = (reading.sight.reports ?? []).map(({ kind, pin }) => nameOf(kind, pin));
  if (due.join() === told.join()) return null;
  const words = (some: readonly string[]): string => some.join(', ') || 'nothing';
  return found(
    reading.entry,
    `of ${words(due)}, presented since it was asked before, a reader told ${words(told)}`,
    'each once, in order',
  );
}
