import type { CommandOf } from '../contract/command.ts';
import { type Mode, modes, type ModeSpell } from '../contract/mode.ts';
import type { Restoring } from './insist.ts';
import type { Made } from './journal.ts';

/**
 * Modes that a run may have left a lock in. They have neither name nor id of their own: the journal names them by what was
 * asked for and of which lock, and one that is there again is the same one.
 */

/** Under which id a lock's mode, or its spell, is kept account of. */
export const idOfMode = (what: 'mode' | 'spell', lock: string): string => `${what} of ${lock}`;

export const nameOfSpell = ({ mode, startMs, endMs, lock }: CommandOf<'scheduleMode'>): string =>
  `${mode} ${startMs} ${endMs} ${lock}`;

/** A mode that a lock was set to, or for a spell of time. */
export interface LeftMode {
  readonly lock: string;
  readonly mode: Mode;
  readonly spell: ModeSpell | null;
}

/** What of a lock was left; null where it is something else. Journals are files, and not believed. */
export function modeLeftBy({ what, name }: Made): LeftMode | null {
  const [, word, startMs, endMs, lock] = /^([a-z-]+) (?:(\d{1,15}) (\d{1,15}) )?(.+)$/.exec(name) ?? [];
  const mode = modes.find((one) => one === word);
  if (!mode || lock === undefined || (what !== 'mode' && what !== 'spell')) return null;
  if (what === 'mode') return { lock: name.slice(mode.length + 1), mode, spell: null };
  return startMs === undefined ? null : { lock, mode, spell: { mode, startMs: Number(startMs), endMs: Number(endMs) } };
}

/** How a lock is brought back from it; null where nothing of that kind was left. */
export function restoringOf(made: Made): Restoring | null {
  const left = modeLeftBy(made);
  if (!left) return null;
  const { lock, spell } = left;
  return spell ? { do: 'clearModes', lock, spell } : { do: 'setMode', lock, mode: 'normal' };
}
