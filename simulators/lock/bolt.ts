import type { Motion } from '../../contract/plant.ts';
import type { Clock } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import type { Doer, Journal } from './journal.ts';
import type { BoltPosition, Method } from './points.ts';
import type { Status } from './port.ts';

/** How a motion by the motor ended: what the lock reports of it, or that power went on the way. */
export type Moved = { readonly kind: 'rested'; readonly report: Status['bolt'] } | { readonly kind: 'cut' };

/** Who moves the bolt by motor, and for how long it shall stay drawn where that is stated. */
type Driver = Doer & { readonly method: Method; readonly forMs?: number };

/** Bolt, door and motor, and the relock that joins them. */
export interface Bolt {
  position(): BoltPosition;
  door(): 'open' | 'closed';
  report(during: 'motion' | 'status'): Status['bolt'];
  /** Moves by motor, waits until it rests, and logs what is reported. Not for two at a time. */
  drive(to: 'locked' | 'unlocked', by: Driver): Promise<Moved>;
  /** The thumb-turn or inside handle: at once, with or without power, whatever the motor does. */
  turn(to: 'locked' | 'unlocked'): void;
  /** Moves the door, unless the thrown bolt keeps it where it is. */
  swing(to: 'open' | 'closed'): void;
  block(on: boolean): void;
  /** Power went: what moves stops where it is. */
  cut(): void;
  /** Works out anew whether and when the bolt throws itself. */
  arm(): void;
  /** After how long it would throw itself as things are; null: it would not. */
  due(): number | null;
  /** Resolves when no motion goes on. */
  rest(): Promise<void>;
  watch(heard: (motion: Motion) => void): () => void;
}

interface Parts {
  readonly clock: Clock;
  readonly decide: Decide;
  readonly journal: Journal;
  readonly boltMs: number;
  /** 0 where the bolt never throws itself. */
  readonly autoRelockMs: number;
  readonly failMode: 'safe' | 'secure';
  readonly powered: () => boolean;
  readonly motorWorks: () => boolean;
  /** Whether the lock lets its bolt throw itself at all. */
  readonly mayRelock: () => boolean;
  /** A hand has turned the bolt there. */
  readonly turned: (to: BoltPosition) => void;
  /** Asks the owner to lock by motor when its turn comes. */
  readonly relock: () => Promise<void>;
}

/** The slide and the sensor at it. */
function slide(clock: Clock) {
  const watchers = new Set<(motion: Motion) => void>();
  let position: BoltPosition = 'locked';
  return {
    at: () => position,
    to: (next: BoltPosition): void => {
      if (next === position) return;
      position = next;
      for (const heard of watchers) heard({ atMs: clock.nowMs(), bolt: next });
    },
    watch: (heard: (motion: Motion) => void) => {
      watchers.add(heard);
      return () => {
        watchers.delete(heard);
      };
    },
  };
}

/** One motion by the motor: when `stop` aborts, a hand took the bolt over, or power went (`cut`). */
interface Going {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  obstructed: boolean;
  cut: boolean;
}
/** Share of the declared time that a motion really takes. */
const motionShare = 0.75;

/** The motor: one motion at a time, which a hand or a loss of power may end. */
function motor(parts: Parts, bolt: ReturnType<typeof slide>) {
  const { clock, decide } = parts;
  let going: Going | null = null;
  let blocked = false;
  return {
    blocked: () => blocked,
    moving: () => going !== null,
    move: async (to: 'locked' | 'unlocked', method: Method, door: 'open' | 'closed'): Promise<'moved' | 'taken' | 'cut'> => {
      const from = bolt.at();
      const tookMs = Math.ceil(parts.boltMs * motionShare);
      const honest = { ends: blocked ? ('between' as const) : to, tookMs };
      const answer = decide('bolt.move', { from, to, method, blocked, door }, honest);
      const over = Promise.withResolvers<void>();
      const mine: Going = { stop: new AbortController(), ended: over.promise, obstructed: false, cut: false };
      going = mine;
      if (answer.ends !== from) bolt.to('between');
      await clock.sleep(answer.tookMs, mine.stop.signal);
      const taken = mine.stop.signal.aborted;
      if (!taken) bolt.to(mine.obstructed && answer.ends !== from ? 'between' : answer.ends);
      if (going === mine) going = null;
      over.resolve();
      if (mine.cut) return 'cut';
      return taken ? 'taken' : 'moved';
    },
    block: (on: boolean): void => {
      blocked = on;
      if (on && going) going.obstructed = true;
    },
    stop: (cut: boolean): void => {
      if (!going) return;
      if (cut) going.cut = true;
      going.stop.abort(null);
    },
    rest: async (): Promise<void> => {
      while (going) await going.ended;
    },
  };
}

/** The relock: `due` says after how long as things are, `go` does it. */
function relocker(clock: Clock, due: () => number | null, go: () => Promise<void>) {
  let waiting: AbortController | null = null;
  const stop = (): void => waiting?.abort(null);
  return {
    stop,
    arm: (): void => {
      stop();
      const delayMs = due();
      if (delayMs === null) return;
      const timer = new AbortController();
      waiting = timer;
      void clock.sleep(delayMs, timer.signal).then(() => (timer.signal.aborted ? undefined : go()));
    },
  };
}

/** The time for which the bolt was drawn, where that was stated. */
function statedTime(clock: Clock, decide: Decide) {
  let toMs: number | null = null;
  return {
    leftMs: () => (toMs === null ? null : Math.max(0, toMs - clock.nowMs())),
    begin: (to: 'locked' | 'unlocked', forMs: number | null): void => {
      const lastsMs = to === 'unlocked' ? decide('bolt.stated', { forMs }, forMs) : null;
      toMs = lastsMs === null ? null : clock.nowMs() + lastsMs;
    },
    end: (): void => {
      toMs = null;
    },
  };
}

/** A bolt, locked, in a closed door. */
export function createBolt(parts: Parts): Bolt {
  const { clock, decide, journal, autoRelockMs, failMode } = parts;
  const bolt = slide(clock);
  const { blocked, moving, move, block, stop, rest } = motor(parts, bolt);
  let door: 'open' | 'closed' = 'closed';
  let wanted: 'locked' | 'unlocked' | null = null;
  const stated = statedTime(clock, decide);

  const report = (during: 'motion' | 'status'): Status['bolt'] => {
    const position = bolt.at();
    return decide('bolt.report', { position, wanted, during }, position === 'between' ? 'jammed' : position);
  };
  const due = (): number | null => {
    const position = bolt.at();
    const motorWorks = parts.motorWorks();
    const statedMs = stated.leftMs();
    const afterMs = statedMs ?? (autoRelockMs > 0 ? autoRelockMs : null);
    const willing = position === 'unlocked' && door === 'closed' && motorWorks && parts.mayRelock();
    return decide('relock', { bolt: position, door, motorWorks, autoRelockMs, statedMs }, willing ? afterMs : null);
  };
  const relock = relocker(clock, due, parts.relock);
  return {
    position: bolt.at,
    door: () => door,
    report,
    arm: relock.arm,
    due,
    block,
    rest,
    watch: bolt.watch,
    drive: async (to, by) => {
      const still = bolt.at() === to;
      wanted = to;
      const how = still ? 'taken' : await move(to, by.method, door);
      if (how === 'cut') return { kind: 'cut' };
      const said = report('motion');
      if (how === 'moved' && (said === to || said === 'jammed')) journal.add(said, by);
      // Whoever comes in by a code meanwhile changes nothing of a time that was stated.
      if (!still || by.method !== 'pin' || by.forMs !== undefined) stated.begin(to, by.forMs ?? null);
      relock.arm();
      return { kind: 'rested', report: said };
    },
    turn: (to) => {
      stop(false);
      // A hand that turns back is never held up by what stands in the way of throwing: egress.
      const given = { from: bolt.at(), to, blocked: blocked(), motorWorks: parts.motorWorks() };
      const ends = decide('hand.turn', given, to === 'locked' && given.blocked ? 'between' : to);
      const changed = ends !== bolt.at();
      wanted = null;
      if (ends !== 'unlocked') stated.end();
      bolt.to(ends);
      if (changed && parts.powered()) journal.add(ends === 'between' ? 'jammed' : ends, { method: 'hand' });
      parts.turned(ends);
      relock.arm();
    },
    swing: (to) => {
      if (to === door || bolt.at() === 'locked') return;
      door = to;
      if (parts.powered()) journal.add(to === 'open' ? 'door-opened' : 'door-closed');
      relock.arm();
    },
    cut: () => {
      const was = moving();
      stop(true);
      relock.stop();
      const honest = failMode === 'safe' ? 'unlocked' : bolt.at();
      bolt.to(decide('power.cut', { bolt: bolt.at(), moving: was, failMode }, honest));
    },
  };
}
