import { randomBytes } from 'node:crypto';
import { type Fitness, selfCheck } from '../fixture/self-check.ts';
import { fixtureBoard } from '../fixture/face.ts';
import { personFixture } from '../fixture/person.ts';
import { type PlantPort, plantPort } from '../fixture/port.ts';
import type { Fixture, FixtureTrouble, Motion } from '../contract/plant.ts';
import type { Clock } from '../contract/world.ts';
import { realClock } from '../rig/clock.ts';
import { prompter } from '../rig/prompter.ts';
import { servePty } from '../rig/pty.ts';
import { serialLine } from '../rig/serial.ts';
import type { Target } from './target.ts';

/** Who acts and looks at the door of a bench, for as long as the bench stands. */
export interface Door {
  readonly fixture: Fixture;
  /** In words, for people. */
  readonly about: string;
  /** Made ready for another run: how long a line takes, and what the fixture's clock says. */
  ready(): Promise<FixtureTrouble | null>;
  /** Whether what it does and sees can be believed. Moves the bolt. */
  check(): Promise<Fitness>;
  close(): Promise<void>;
}

const ptyBaud = 115_200;

const portDoor = (port: PlantPort, about: string, close: () => Promise<void>): Door => ({
  fixture: port.fixture,
  about,
  ready: port.measure,
  check: async () => (await port.test()) ?? selfCheck(port.fixture),
  close: async () => {
    await port.close();
    await close();
  },
});

/** A fixture that stands for another, which may be exchanged: every run has a simulated lock of its own, all have one wire. */
function relay(first: Fixture): { readonly fixture: Fixture; to(next: Fixture): void } {
  const watchers = new Set<(motion: Motion) => void>();
  const tell = (motion: Motion): void => {
    for (const heard of watchers) heard(motion);
  };
  let now = first;
  let stop = first.watch(tell);
  return {
    fixture: {
      can: first.can,
      sees: first.sees,
      act: (act) => now.act(act),
      look: () => now.look(),
      watch: (heard) => {
        watchers.add(heard);
        return () => {
          watchers.delete(heard);
        };
      },
    },
    to(next) {
      stop();
      now = next;
      stop = next.watch(tell);
    },
  };
}

/** A simulated hand behind a real serial port: a pseudo-terminal, opened as any port is. A text says why there is none. */
export async function ptyDoor(first: Fixture, clock: Clock): Promise<(Door & { readonly to: (next: Fixture) => void }) | string> {
  const relayed = relay(first);
  const board = { name: 'simulated-hand', boot: randomBytes(4).toString('hex') };
  const pty = await servePty(fixtureBoard(relayed.fixture, board, clock));
  if (pty.kind === 'missing') return pty.why;
  const port = await plantPort(serialLine({ path: pty.path, baud: ptyBaud }), clock, realClock());
  if ('trouble' in port) {
    await pty.close();
    return port.trouble;
  }
  return { ...portDoor(port, 'a simulated hand on a serial port', () => pty.close()), to: relayed.to };
}

/** The plant that a target file names; a text says why it is not to be had. */
export async function targetDoor(plant: NonNullable<Target['plant']>, clock: Clock): Promise<Door | string> {
  if (plant === 'person') {
    const { ask, close } = prompter();
    const fixture = personFixture(ask);
    return { fixture, about: 'a person', ready: async () => null, check: () => selfCheck(fixture), close };
  }
  const port = await plantPort(serialLine({ path: plant.port, baud: plant.baud }), clock);
  if ('trouble' in port) return port.trouble;
  return portDoor(port, `the fixture ${port.board} on ${plant.port}`, async () => undefined);
}
