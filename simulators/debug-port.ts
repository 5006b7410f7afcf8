import type { ByteLink } from '../contract/link.ts';
import { type Clock, within } from '../contract/world.ts';
import type { SimulatedLock } from './lock/lock.ts';

/** What is written must be taken within this. */
const writeMs = 2_000;

/** The debug port of whichever device stands at a door: its end of a line. */
export const debugPort =
  (now: () => SimulatedLock, clock: Clock) =>
  (link: ByteLink): void =>
    link.listen(
      (bytes) => {
        const answer = now().debug(Buffer.from(bytes).toString('latin1'));
        if (answer !== null) void within(clock, writeMs, (signal) => link.write(Buffer.from(answer, 'latin1'), signal));
      },
      () => undefined,
    );
