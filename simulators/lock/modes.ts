import type { Mode } from '../../contract/mode.ts';
import type { Clock } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import type { Doer, Journal } from './journal.ts';
import type { BoltPosition, ModeWay } from './points.ts';
import type { Spell } from './port.ts';
import type { Timekeeper } from './timekeeper.ts';

/** The mode that a lock is in, and what it leaves to others. */
export interface Modes {
  /** The mode that is in force. */
  now(): Mode;
  /** The mode that it was set to by hand: what is left when a spell is over. */
  setTo(): Mode;
  /** Whether the mode lets that happen. */
  allows(way: ModeWay): boolean;
  /** False: it stays as it was, because the lock lacks that mode or the bolt does not stand as it has to. */
  set(to: Mode, by: Doer): boolean;
  /** Takes a mode for a spell of time, or with null takes it away. False: it stays as it was, because the lock lacks that mode. */
  spell(asked: Spell | null): boolean;
  /** Its clock shows another time: a spell may have begun or ended. */
  look(): void;
  /** Power went: nothing begins or ends meanwhile. */
  cut(): void;
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
  readonly clock: Clock;
  readonly time: Timekeeper;
}

const shut: Readonly<Record<ModeWay, readonly Mode[]>> = {
  code: ['vacation', 'privacy'],
  remote: ['privacy', 'no-remote'],
  relock: ['passage'],
};

/** What is left of a mode where the bolt is: there is no privacy behind a bolt that is drawn. */
const keptAt = (mode: Mode, bolt: BoltPosition): Mode => (mode === 'privacy' && bolt === 'unlocked' ? 'normal' : mode);

/** Shortest wait for an edge, ms: a clock that was read wrongly must not be read again and again at one instant. */
const leastWaitMs = 20;

const isWithin = ({ startMs, endMs }: Spell, deviceMs: number): boolean => startMs <= deviceMs && deviceMs < endMs;

/** Wakes at the next edge of a spell by the lock's own clock. */
function edges(clock: Clock, time: Timekeeper, reached: () => void) {
  let waiting: AbortController | null = null;
  return {
    stop: (): void => waiting?.abort(null),
    arm: (spell: Spell | null): void => {
      waiting?.abort(null);
      if (!spell) return;
      const deviceMs = time.nowMs();
      const nextMs = [spell.startMs, spell.endMs].find((edgeMs) => edgeMs > deviceMs);
      if (nextMs === undefined) return;
      const mine = new AbortController();
      waiting = mine;
      void clock.sleep(Math.max(leastWaitMs, nextMs - deviceMs), mine.signal).then(() => {
        if (!mine.signal.aborted) reached();
      });
    },
  };
}

/** A lock that begins in `normal`. */
export function createModes({ decide, journal, known, bolt, changed, clock, time }: Parts): Modes {
  let set: Mode = 'normal';
  let spell: Spell | null = null;
  let now: Mode = 'normal';
  const isInSpell = (): boolean => spell !== null && isWithin(spell, time.nowMs());
  const inForce = (): Mode => {
    if (!spell) return set;
    const deviceMs = time.nowMs();
    return decide('mode.in-force', { set, spell, deviceMs }, isWithin(spell, deviceMs) ? spell.mode : set);
  };
  const go = (by: Doer): void => {
    edge.arm(spell);
    const next = inForce();
    if (next === now) return;
    now = next;
    journal.add('mode', by);
    changed();
  };
  /** Goes over to what time brings; a privacy that finds the bolt drawn does not begin. */
  const settle = (by: Doer): void => {
    const next = inForce();
    if (next !== now && keptAt(next, bolt()) !== next) {
      if (isInSpell()) spell = null;
      set = keptAt(set, bolt());
    }
    go(by);
  };
  const edge = edges(clock, time, () => settle({ method: 'auto' }));
  /** By hand, which ends a spell that has begun. */
  const become = (next: Mode, by: Doer): void => {
    if (isInSpell()) spell = null;
    set = next;
    go(by);
  };
  return {
    now: () => now,
    setTo: () => set,
    allows: (way) => decide('mode.allows', { mode: now, way }, !shut[way].includes(now)),
    set: (to, by) => {
      const isRight = known.includes(to) && (to !== 'privacy' || bolt() === 'locked');
      const honest = { accepted: isRight, mode: isRight ? to : now };
      const told = decide('mode.set', { from: now, to, bolt: bolt() }, honest);
      if (told.mode !== now || (told.accepted && told.mode === to)) become(told.mode, by);
      return told.accepted;
    },
    spell: (asked) => {
      const isRight = asked === null || (known.includes(asked.mode) && asked.startMs < asked.endMs);
      const told = decide('mode.spell', { before: spell, asked }, { accepted: isRight, spell: isRight ? asked : spell });
      ({ spell } = told);
      settle({ method: 'remote' });
      return told.accepted;
    },
    look: () => {
      if (spell) settle({ method: 'auto' });
    },
    cut: edge.stop,
    turned: (to, isPowered) => {
      // A lock without power finds out when that comes back.
      const left = isPowered ? decide('mode.turned', { mode: now, to }, keptAt(now, to)) : now;
      if (left !== now) become(isInSpell() ? keptAt(set, to) : left, { method: 'hand' });
    },
    restore: (back) => {
      if (now === set) now = back;
      set = back;
      const left = decide('mode.turned', { mode: now, to: bolt() }, keptAt(now, bolt()));
      if (left === now) settle({ method: 'auto' });
      else become(isInSpell() ? keptAt(set, bolt()) : left, { method: 'hand' });
    },
  };
}
