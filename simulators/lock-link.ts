import type { Weather } from '../contract/weather.ts';
import { within, type World } from '../contract/world.ts';
import type { FromLock, LockPort, ToLock } from './lock/port.ts';
import type { RadioPort } from './lock/radio.ts';

export type LockWeather = Extract<Weather, { on: 'lock' }>;

/** The wire between platform and one lock, and what weather does to it. */
export interface LockLink {
  /** The platform's end. Null: nothing came back in time. */
  readonly port: LockPort;
  happen(weather: LockWeather): void;
  /** Shades the lock's radio: as a cut, and independent of it. */
  shade(on: boolean): void;
  /** Whether messages pass. Says nothing of the lock's power. */
  up(): boolean;
}

/** One way takes this, and up to as much again by chance. */
export const latencyMs = 20;
/** After this without an answer the asker is told null, where nothing shorter is promised; a delay comes on top. */
export const silenceMs = 3000;
/** The longest wait for a lock that has the message and works on it. */
export const answerLimitMs = 30_000;

type Happening = 'lose-request' | 'lose-answer' | 'repeat' | 'delay';

/** What weather holds in store for the next messages. */
function sky() {
  const next = new Map<Happening, number>();
  let delayMs = 0;
  let cut = false;
  let shaded = false;
  return {
    up: () => !cut && !shaded,
    /** Takes one of those that are still to come. */
    take: (what: Happening): boolean => {
      const left = next.get(what) ?? 0;
      next.set(what, Math.max(0, left - 1));
      return left > 0;
    },
    delayMs: () => delayMs,
    shade: (on: boolean): void => {
      shaded = on;
    },
    change: (weather: LockWeather): void => {
      cut = weather.happens === 'cut' || (cut && weather.happens !== 'heal');
      if (weather.happens === 'heal') next.clear();
      if ('next' in weather) next.set(weather.happens, weather.next);
      if (weather.happens === 'delay') ({ delayMs } = weather);
    },
  };
}

/**
 * A link to one lock. It numbers its messages, so that the lock can tell a repeat or a straggler from a new one. Messages
 * overtake each other only where one is delayed. A cut loses what is on the way. Heal ends all weather, and the lock says
 * hello (the callback of `listen`) after heal, after the shade goes, and whenever it has something new. After `patienceMs`
 * without an answer the asker is told null.
 */
export function lockLink(lock: RadioPort, world: World, patienceMs = silenceMs): LockLink {
  const { clock } = world;
  const chance = world.random.split('lock-link');
  const listeners = new Set<() => void>();
  const { up, take, delayMs: dueMs, shade, change } = sky();
  let frame = 0;
  let arrivesMs = 0;
  const travel = (): Promise<void> => clock.sleep(latencyMs + chance.below(latencyMs + 1));
  /** The way to the lock: nothing that sets out later arrives earlier. */
  const depart = (): Promise<void> => {
    arrivesMs = Math.max(arrivesMs, clock.nowMs() + latencyMs + chance.below(latencyMs + 1));
    return clock.sleep(arrivesMs - clock.nowMs());
  };
  const hello = async (): Promise<void> => {
    await travel();
    if (up()) for (const heard of listeners) heard();
  };
  lock.listen(() => void hello());

  const ask = async (message: ToLock): Promise<FromLock | null> => {
    const startedMs = clock.nowMs();
    const [lostThere, lostBack, twice] = [take('lose-request'), take('lose-answer'), take('repeat')];
    const delayMs = take('delay') ? dueMs() : 0;
    frame += 1;
    const mine = frame;
    const silence = async (): Promise<null> => {
      await clock.sleep(startedMs + delayMs + patienceMs - clock.nowMs());
      return null;
    };
    if (!up()) return silence();
    if (delayMs > 0) await clock.sleep(delayMs);
    await depart();
    if (lostThere || !up()) return silence();
    const answer = within(clock, answerLimitMs, () => lock.ask(message, mine));
    if (twice) void lock.ask(message, mine);
    const timed = await answer;
    if (timed.kind === 'late' || timed.value === null || lostBack) return silence();
    await travel();
    return up() ? timed.value : silence();
  };
  return {
    port: {
      ask,
      listen: (heard) => {
        listeners.add(heard);
        return () => {
          listeners.delete(heard);
        };
      },
    },
    up,
    happen: (weather) => {
      change(weather);
      if (weather.happens === 'heal') void hello();
    },
    shade: (on) => {
      const was = up();
      shade(on);
      if (up() && !was) void hello();
    },
  };
}
