import type { Fixture, Sight } from '../../contract/plant.ts';
import type { Clock } from '../../contract/world.ts';
import { carryOut } from './desk.ts';
import { attributes, clusters, codeBytes, number } from './words.ts';

type Bolt = Sight['bolt'];
const bolts: Readonly<Record<number, Bolt>> = { 0: 'between', 1: 'locked', 2: 'unlocked', 3: 'unlocked' };

/** What of the door the protocol itself can do and tell. */
const [codes, nothing] = [new Set(['present'] as const), new Set<never>()];
const state = new Set(['bolt'] as const);
const both = new Set(['bolt', 'keypad'] as const);

const lookAgainMs = 100;

interface HandOptions {
  /** Whether the lock verifies a code in a command. */
  readonly verifies: boolean;
  /** How long a bolt is waited for, ms. */
  readonly operateMs: number;
}

/**
 * Where nobody stands at a keypad, an unlock that carries the PIN is the presentation (5.2.10.2: the lock decides by the PIN,
 * its user and his schedules). What came of it is the lock's own answer; the bolt is its own LockState, until a sensor tells better.
 * A lock that verifies no code in a command (feature COTA, 5.2.4.7) would open to any: there only the bolt is told.
 */
export function presenting(clock: Clock, options: Parameters<typeof carryOut>[0], { verifies, operateMs }: HandOptions): Fixture {
  const look = async (): Promise<Sight | { trouble: string }> => {
    const seen = await carryOut(options, (desk) => desk.read(clusters.doorLock, [attributes.lockState]));
    if (seen.kind !== 'ok') return { trouble: 'the lock does not tell its state' };
    const bolt = bolts[number(seen.value.get(attributes.lockState)) ?? 0] ?? null;
    return { bolt, door: null, keypad: null, opened: null };
  };
  // A lock answers when it has drawn its bolt, or has begun to (5.2.10.2): what came of it is seen when the bolt is there.
  const drawn = async (endMs: number): ReturnType<typeof look> => {
    for (;;) {
      const seen = await look();
      if ('trouble' in seen || seen.bolt === 'unlocked' || clock.nowMs() >= endMs) return seen;
      await clock.sleep(lookAgainMs);
    }
  };
  return {
    can: verifies ? codes : nothing,
    sees: verifies ? both : state,
    told: verifies ? both : state,
    look,
    async act(act) {
      if (!verifies || act.act !== 'present') return { trouble: 'only a code can be presented' };
      const fromMs = clock.nowMs();
      const pinCode = codeBytes(act.digits);
      const said = await carryOut(options, (desk) => desk.invoke('unlockDoor', { pinCode }));
      const when = { fromMs, atMs: clock.nowMs() };
      // Who gets no answer at a keypad stands before a dead one.
      if (said.kind === 'lost') return { bolt: null, door: null, keypad: 'dead', opened: null, when };
      const seen = said.kind === 'ok' ? await drawn(clock.nowMs() + operateMs) : await look();
      const bolt = 'trouble' in seen ? null : seen.bolt;
      const keypad = said.kind === 'ok' ? 'accepted' : 'denied';
      return { bolt, door: null, keypad, opened: keypad === 'accepted' && bolt === 'unlocked', when };
    },
    watch: () => () => undefined,
  };
}
