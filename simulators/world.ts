import type { Declaration } from '../contract/declaration.ts';
import { type DeviceCore, standingFor } from '../contract/device.ts';
import type { ByteLink } from '../contract/link.ts';
import type { Motion, SureFixture } from '../contract/plant.ts';
import type { Actor } from '../contract/command.ts';
import type { Weather } from '../contract/weather.ts';
import type { World } from '../contract/world.ts';
import { debugPort } from './debug-port.ts';
import { type Decide, decisions, type Fault } from './decisions.ts';
import { fixtureOf } from './lock/fixture.ts';
import { createLock, type SimulatedLock } from './lock/lock.ts';
import type { LockPort } from './lock/port.ts';
import { lockLink, type LockLink, silenceMs } from './lock-link.ts';
import { createPlatform, type Platform, type SeedIntegration } from './platform/platform.ts';
import { type Scope, scopes } from './platform/records.ts';
import type { Send, Spell } from './platform/webhooks.ts';

/** A device and the wire to it. */
interface Device {
  readonly lock: SimulatedLock;
  readonly link: LockLink;
}

/** What any vendor's twin puts its protocol around: locks, their wires, a platform, and a hand at the first door. */
export interface SimulatedWorld {
  readonly platform: Platform;
  readonly fixture: SureFixture;
  /** Client id and secret of each actor that has an integration. */
  readonly clients: Readonly<Partial<Record<Actor, { readonly id: string; readonly secret: string }>>>;
  /** The first is the door at which the hand stands; weather is over it. */
  readonly locks: readonly string[];
  /** The first lock's own link, commissioned for the holder of this key (X25519, hex), whichever device stands there. */
  deviceCore(owner: string): DeviceCore;
  /** The end of the debug port that is on the device at the first door, to be put on a line. */
  debugPort(link: ByteLink): void;
  /** The device that stands at the first door now, for tests. */
  device(): SimulatedLock;
  happen(weather: Weather): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly faults?: readonly Fault[];
  readonly send?: Send;
  readonly spell?: Spell;
}

/** Locks that may be replaced one after another in one run. */
const maxReplacements = 1000;
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const rights: Readonly<Partial<Record<Actor, readonly Scope[]>>> = {
  owner: scopes,
  second: scopes,
  reader: ['locks:read', 'users:read', 'grants:read', 'events:read'],
  operator: ['locks:read', 'locks:operate', 'events:read'],
  stranger: scopes,
  revoked: scopes,
};

/** The hand and the sensors at a door, whichever device stands there. */
function doorFixture(now: () => Device, moved: Set<(motion: Motion) => void>): SureFixture {
  const fixture = (): SureFixture => fixtureOf(now().lock, now().link);
  return {
    can: fixture().can,
    sees: fixture().sees,
    act: (act) => fixture().act(act),
    look: () => fixture().look(),
    watch: (heard) => {
      moved.add(heard);
      return () => {
        moved.delete(heard);
      };
    },
  };
}

/** Whichever device stands at a door, commissioned for one owner. */
function doorCore(now: () => SimulatedLock, owner: string): DeviceCore {
  const cores = new Map<SimulatedLock, DeviceCore>();
  return standingFor(() => {
    const lock = now();
    const known = cores.get(lock) ?? lock.device(owner);
    cores.set(lock, known);
    return known;
  });
}

/** Makes the devices of a world: each its own drift, half of what is declared at most, and its own serial number. */
function factory(world: World, declaration: Declaration, decide: Decide, word: (length: number) => string) {
  const { driftMsPerDay } = declaration.time;
  // Whoever promises to talk again soon does not wait long for what was lost.
  const patienceMs = Math.min(silenceMs, declaration.timing.reconnectMs / 2);
  return (label: string): Device => {
    const inside: World = { clock: world.clock, random: world.random.split(label) };
    const options = { driftMsPerDay: Math.round((inside.random.below(driftMsPerDay + 1) - driftMsPerDay / 2) / 2) };
    const lock = createLock({ world: inside, declaration, serial: `SN-${word(8)}`, decide, options });
    return { lock, link: lockLink(lock.port, inside, patienceMs) };
  };
}

/** The first door: the device that stands there, those that stood there before, and the weather over all of them. */
class Door {
  now: Device;
  readonly id: string;
  readonly moved = new Set<(motion: Motion) => void>();
  readonly #all: Device[] = [];
  #cut = false;
  #stopWatching: () => void;

  constructor(id: string, device: Device) {
    this.id = id;
    this.now = device;
    this.#all.push(device);
    this.#stopWatching = this.#watch();
  }

  #watch(): () => void {
    return this.now.lock.plant.watch((motion) => {
      for (const heard of this.moved) heard(motion);
    });
  }

  /** Another device stands there from now on; it hears the same network. */
  exchange(device: Device): void {
    this.#stopWatching();
    this.now = device;
    this.#all.push(device);
    this.#stopWatching = this.#watch();
    if (this.#cut) device.link.happen({ on: 'lock', happens: 'cut' });
  }

  happen(weather: Extract<Weather, { on: 'lock' }>): void {
    if (weather.happens !== 'cut' && weather.happens !== 'heal') return this.now.link.happen(weather);
    this.#cut = weather.happens === 'cut';
    for (const { link } of this.#all) link.happen(weather);
  }

  close(): void {
    this.#stopWatching();
    this.moved.clear();
  }
}

/** A world with two accounts: ours with two locks, a stranger's with one. The same seed makes the same world. */
export function simulatedWorld(
  world: World,
  declaration: Declaration,
  { faults = [], send, spell }: WorldOptions = {},
): SimulatedWorld {
  const decide = decisions(faults, world.random.split('faults'));
  const chance = world.random.split('world');
  const word = (length: number): string => Array.from({ length }, () => letters[chance.below(letters.length)] ?? 'A').join('');
  const makeDevice = factory(world, declaration, decide, word);
  const [ours, theirs] = [`acc_${word(8)}`, `acc_${word(8)}`];
  const front = makeDevice('device front');
  const door = new Door(`lk_${word(12)}`, front);
  const locks = [
    { id: door.id, account: ours, name: 'Front door', port: front.link.port },
    { id: `lk_${word(12)}`, account: ours, name: 'Back door', port: makeDevice('device back').link.port },
    { id: `lk_${word(12)}`, account: theirs, name: 'Elsewhere', port: makeDevice('device elsewhere').link.port },
  ];
  const integrations: SeedIntegration[] = Object.entries(rights).map(([name, held]) => ({
    id: `int_${word(10)}`,
    account: name === 'stranger' ? theirs : ours,
    name,
    client: `cl_${word(16)}`,
    secret: `cs_${word(32)}`,
    scopes: held,
  }));
  let replaced = 0;
  const spare = (lock: string): LockPort | null => {
    replaced += 1;
    if (replaced > maxReplacements) return null;
    const device = makeDevice(`replacement ${replaced}`);
    if (lock === door.id) door.exchange(device);
    return device.link.port;
  };
  const hooks = { ...(send && { send }), ...(spell && { spell }) };
  const platform = createPlatform({ world, declaration, decide, integrations, locks, spare, ...hooks });
  return {
    platform,
    fixture: doorFixture(() => door.now, door.moved),
    clients: Object.fromEntries(integrations.map(({ name, client, secret }) => [name, { id: client, secret }])),
    locks: locks.filter(({ account }) => account === ours).map(({ id }) => id),
    device: () => door.now.lock,
    deviceCore: (owner) => doorCore(() => door.now.lock, owner),
    debugPort: debugPort(() => door.now.lock, world.clock),
    happen: async (weather) => {
      if (weather.on === 'platform') platform.restart();
      if (weather.on === 'lock') door.happen(weather);
    },
    close: async () => {
      door.close();
      platform.close();
    },
  };
}
