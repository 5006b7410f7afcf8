import type { Trace } from '../../contract/trace.ts';

/** One time that the door stood open with the bolt drawn back, and what the bolt did meanwhile and after. */
export interface Opening {
  readonly openForMs: number;
  readonly closedMs: number;
  readonly closedEntry: number;
  /** The bolt moved while the door was open, by nobody's hand and no command. */
  readonly thrown: boolean;
  readonly thrownEntry: number;
  /** When the bolt was locked by itself after the door was closed; null when a hand or command came first, or nothing did. */
  readonly relockedMs: number | null;
  /** Until when nobody did anything after the door was closed. */
  readonly restMs: number;
}

/** Openings of the door, each from the hand that opened it to what was done next after it was closed. */
export function openings(trace: Trace): readonly Opening[] {
  const { entries } = trace;
  const isDone = (i: number): boolean => {
    const entry = entries[i];
    return entry?.kind === 'acted' || (entry?.kind === 'asked' && (entry.command.do === 'lock' || entry.command.do === 'unlock'));
  };
  return entries.flatMap((entry, i): readonly Opening[] => {
    if (entry.kind !== 'acted' || entry.act.act !== 'door' || entry.act.to !== 'open') return [];
    if (entry.sight.door !== 'open' || entry.sight.bolt !== 'unlocked') return [];
    const next = entries.findIndex((_, k) => k > i && isDone(k));
    const closing = entries[next];
    if (closing?.kind !== 'acted' || closing.act.act !== 'door' || closing.act.to !== 'closed') return [];
    const thrownEntry = entries.findIndex(
      (one, k) => k > i && k < next && one.kind === 'moved' && one.motion.atMs < closing.fromMs,
    );
    const after = entries.findIndex((_, k) => k > next && isDone(k));
    const restMs = (after < 0 ? entries.at(-1)?.atMs : entries[after]?.atMs) ?? closing.atMs;
    const relock = entries.find(
      (one, k) => k > next && (after < 0 || k < after) && one.kind === 'moved' && one.motion.bolt === 'locked',
    );
    return [
      {
        openForMs: closing.fromMs - entry.atMs,
        closedMs: closing.atMs,
        closedEntry: next,
        thrown: thrownEntry >= 0,
        thrownEntry,
        relockedMs: relock?.kind === 'moved' ? relock.motion.atMs : null,
        restMs,
      },
    ];
  });
}
