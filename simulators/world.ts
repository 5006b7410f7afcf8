import type { Declaration } from '../contract/declaration.ts';
import type { Motion, Plant } from '../contract/plant.ts';
import type { Actor } from '../contract/lock.ts';
import type { Secrets } from '../contract/secrets.ts';
import type { Weather } from '../contract/weather.ts';
import type { World } from '../contract/world.ts';
import { decisions, type Fault } from './decisions.ts';
import { plantOf } from './lock/fixture.ts';
import { createLock, type SimulatedLock } from './lock/lock.ts';
import { lockLink, type LockLink } from './lock-link.ts';
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
  readonly plant: Plant;
  /** Client id and secret of each actor that has an integration. */
  readonly clients: Readonly<Partial<Record<Actor, { readonly id: string; readonly secret: string }>>>;
  /** The first is the door at which the hand stands; weather is over it. */
  readonly locks: readonly string[];
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
function doorPlant(now: () => Device, moved: Set<(motion: Motion) => void>, secrets: Secrets): Plant {
  const plant = (): Plant => plantOf(now().lock, secrets, now().link);
  return {
    can: plant().can,
    sees: plant().sees,
    act: (act) => plant().act(act),
    watch: (heard) => {
      moved.add(heard);
      return () => {
        moved.delete(heard);
      };
    },
  };
}

/** A world with two accounts: ours with two locks, a stranger's with one. The same seed makes the same world. */
export function simulatedWorld(
  world: World,
  declaration: Declaration,
  secrets: Secrets,
  { faults = [], send, spell }: WorldOptions = {},
): SimulatedWorld {
  const decide = decisions(faults, world.random.split('faults'));
  const chance = world.random.split('world');
  const word = (length: number): string => Array.from({ length }, () => letters[chance.below(letters.length)] ?? 'A').join('');
  const { driftMsPerDay } = declaration.time;

  const makeDevice = (label: string): Device => {
    const inside: World = { clock: world.clock, random: world.random.split(label) };
    // Half of what is declared, either way: an honest lock, and no perfect one.
    const drift = Math.round((inside.random.below(driftMsPerDay + 1) - driftMsPerDay / 2) * 0.5);
    const options = { driftMsPerDay: drift };
    const lock = createLock({ world: inside, declaration, serial: `SN-${word(8)}`, decide, options });
    return { lock, link: lockLink(lock.port, inside) };
  };

  const [ours, theirs] = [`acc_${word(8)}`, `acc_${word(8)}`];
  const locks = [ours, ours, theirs].map((account, index) => ({
    id: `lk_${word(12)}`,
    account,
    name: ['Front door', 'Back door', 'Elsewhere'][index] ?? 'Door',
    device: makeDevice(`device ${index}`),
  }));
  const [door] = locks;
  if (!door) throw new Error('a world without a door');
  let atDoor = door.device;
  let cut = false;
  let replaced = 0;
  const moved = new Set<(motion: Motion) => void>();
  const watch = ({ lock }: Device): (() => void) => lock.plant.watch((motion) => moved.forEach((heard) => heard(motion)));
  let stopWatching = watch(atDoor);

  const integrations: SeedIntegration[] = Object.entries(rights).map(([name, held]) => ({
    id: `int_${word(10)}`,
    account: name === 'stranger' ? theirs : ours,
    name,
    client: `cl_${word(16)}`,
    secret: `cs_${word(32)}`,
    scopes: held,
  }));
  const clients = Object.fromEntries(integrations.map(({ name, client, secret }) => [name, { id: client, secret }]));

  const platform = createPlatform({
    world,
    declaration,
    decide,
    integrations,
    locks: locks.map(({ id, account, name, device }) => ({ id, account, name, port: device.link.port })),
    spare: (lock) => {
      replaced += 1;
      if (replaced > maxReplacements) return null;
      const device = makeDevice(`replacement ${replaced}`);
      if (lock === door.id) {
        stopWatching();
        atDoor = device;
        stopWatching = watch(atDoor);
        if (cut) atDoor.link.happen({ on: 'lock', happens: 'cut' });
      }
      return device.link.port;
    },
    ...(send && { send }),
    ...(spell && { spell }),
  });

  return {
    platform,
    plant: doorPlant(() => atDoor, moved, secrets),
    clients,
    locks: locks.filter(({ account }) => account === ours).map(({ id }) => id),
    device: () => atDoor.lock,
    happen: async (weather) => {
      if (weather.on === 'platform') platform.restart();
      if (weather.on !== 'lock') return;
      if (weather.happens === 'cut' || weather.happens === 'heal') cut = weather.happens === 'cut';
      atDoor.link.happen(weather);
      // A device in a drawer hears the same network.
      if (door.device !== atDoor && (weather.happens === 'cut' || weather.happens === 'heal')) door.device.link.happen(weather);
    },
    close: async () => {
      stopWatching();
      platform.close();
    },
  };
}
