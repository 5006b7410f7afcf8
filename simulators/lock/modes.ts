import type { Mode } from '../../contract/lock.ts';
import type { Decide } from '../decisions.ts';
import type { Doer, Journal } from './journal.ts';
import type { BoltPosition, ModeWay } from './points.ts';

/** The mode that a lock is in, and what it leaves to others. */
export interface Modes {
  now(): Mode;
  /** Whether the mode lets that happen. */
  allows(way: ModeWay): boolean;
  /** False: it stays as it was, because the lock lacks that mode or the bolt does not stand as it has to. */
  set(to: Mode, by: Doer): boolean;
  /** The inside handle or thumb-turn was moved, and brought the bolt there. */
  turned(to: BoltPosition, isPowered: boolean): void;
  /** Goes on with what came through a loss of power. */
  restore(mode: Mode): void;
}

interface Parts {
  readonly decide: Decide;
  readonly journal: Journal;
  readonly known: readonly Mode[];
  readonly bolt: () => BoltPosition;
  /** Auto-relock may count from now on, or no more. */
  readonly changed: () => void;
}

const shut: Readonly<Record<ModeWay, readonly Mode[]>> = {
  code: ['vacation', 'privacy'],
  remote: ['privacy', 'no-remote'],
  relock: ['passage'],
};

/** What is left of a mode where the bolt is: there is no privacy behind a bolt that is drawn. */
const keptAt = (mode: Mode, bolt: BoltPosition): Mode => (mode === 'privacy' && bolt === 'unlocked' ? 'normal' : mode);

/** A lock that begins in `normal`. */
export function createModes({ decide, journal, known, bolt, changed }: Parts): Modes {
  let mode: Mode = 'normal';
  const become = (next: Mode, by: Doer): void => {
    if (next === mode) return;
    mode = next;
    journal.add('mode', by);
    changed();
  };
  return {
    now: () => mode,
    allows: (way) => decide('mode.allows', { mode, way }, !shut[way].includes(mode)),
    set: (to, by) => {
      const isRight = known.includes(to) && (to !== 'privacy' || bolt() === 'locked');
      const given = { from: mode, to, bolt: bolt() };
      const told = decide('mode.set', given, isRight ? { accepted: true, mode: to } : { accepted: false, mode });
      become(told.mode, by);
      return told.accepted;
    },
    turned: (to, isPowered) => {
      // A lock without power finds out when that comes back.
      if (isPowered) become(decide('mode.turned', { mode, to }, keptAt(mode, to)), { method: 'hand' });
    },
    restore: (back) => {
      mode = back;
      become(decide('mode.turned', { mode, to: bolt() }, keptAt(mode, bolt())), { method: 'hand' });
    },
  };
}
