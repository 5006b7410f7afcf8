import { type Fitness, selfCheck } from '../fixture/self-check.ts';
import { personFixture } from '../fixture/person.ts';
import { type PlantPort, plantPort } from '../fixture/port.ts';
import type { Fixture, FixtureTrouble } from '../contract/plant.ts';
import type { Clock } from '../contract/world.ts';
import { prompter } from '../rig/prompter.ts';
import { serialLine } from '../rig/serial.ts';
import type { Target } from './target.ts';

/** Who acts and looks at the door of a bench, for as long as the bench stands. */
export interface Door {
  readonly fixture: Fixture;
  /** In words, for people. */
  readonly about: string;
  /** Made ready for another run: how long a line takes, and what the fixture's clock says. */
  ready(): Promise<FixtureTrouble | null>;
  /** Moves the time of all that stands behind it on, and ours by `advance`; null where only waiting helps. */
  readonly travel: ((byMs: number, advance: (byMs: number) => Promise<void>) => Promise<FixtureTrouble | null>) | null;
  /** Whether what it does and sees can be believed. Moves the bolt. */
  check(): Promise<Fitness>;
  close(): Promise<void>;
}

/** Both sides travel at their own pace: afterwards the one that has fallen behind is made to catch up. */
function journeyOf({ fixture: { travel }, timing, measure }: PlantPort): Door['travel'] {
  if (!travel) return null;
  return async (byMs, advance) => {
    const before = timing().aheadMs;
    const [stuck] = await Promise.all([travel(byMs), advance(byMs)]);
    const unmeasured = stuck ?? (await measure());
    if (unmeasured) return unmeasured;
    const aheadMs = timing().aheadMs - before;
    if (aheadMs > 0) await advance(aheadMs);
    return (aheadMs < 0 ? await travel(-aheadMs) : null) ?? measure();
  };
}

const portDoor = (port: PlantPort, about: string): Door => ({
  fixture: port.fixture,
  about,
  ready: port.measure,
  travel: journeyOf(port),
  check: async () => (await port.test()) ?? selfCheck(port.fixture),
  close: port.close,
});

/** The plant that a target file names; a text says why it is not to be had. `patience` is the clock of its limits. */
export async function targetDoor(
  plant: NonNullable<Target['plant']>,
  clock: Clock,
  patience: Clock = clock,
): Promise<Door | string> {
  if (plant === 'person') {
    const { ask, close } = prompter(clock);
    const fixture = personFixture(ask);
    return { fixture, about: 'a person', ready: async () => null, travel: null, check: () => selfCheck(fixture), close };
  }
  const port = await plantPort(serialLine({ path: plant.port, baud: plant.baud }), clock, patience);
  if ('trouble' in port) return port.trouble;
  return portDoor(port, `the fixture ${port.board} on ${plant.port}`);
}
