import { createBluetooth, type Adapter, type Device, type GattCharacteristic } from 'node-ble';
import type { GattLink, GattPeer, LineFailure, LineTrouble } from '../contract/link.ts';
import { type Clock, within } from '../contract/world.ts';
import { dropLateAnswers, isSender } from './bus-answers.ts';

/** Where a peripheral is: its address, the adapter to reach it by, and the bus where that is not the system's. */
export interface BlePlace {
  readonly address: string;
  /** e.g. `hci0`; null: the first that is on, in the order of their names. */
  readonly adapter: string | null;
  /** As DBUS_SYSTEM_BUS_ADDRESS has it; null: the system's. */
  readonly bus: string | null;
  /** Whether it is bonded with before anything is asked; left out, it is not. */
  readonly isBonded?: boolean;
}

const discoveryMs = 20_000;
const answerMs = 5_000;
const lookEveryMs = 100;
/** What every connection carries, bytes: ATT MTU 23 less 3. */
const leastValueBytes = 20;
/** A lock on BlueZ 5.66 takes no more in one write, though ATT has 512; found by npm run verify:bluez. */
const mostValueBytes = 510;

const failure = (trouble: LineTrouble): LineFailure => ({ kind: 'trouble', trouble });

/** What BlueZ or the bus says, as one of the troubles of a line. */
function troubleOf(error: unknown): LineTrouble {
  const said = error instanceof Error ? `${error.name} ${'type' in error ? String(error.type) : ''} ${error.message}` : '';
  if (/NotReady|not ready|ServiceUnknown|ECONNREFUSED|ENOENT|EPIPE|disconnect.*bus|bus.*gone/i.test(said)) return 'off';
  if (/NotAuthorized|AccessDenied|NotPermitted|Authentication/i.test(said)) return 'permission';
  if (/not found|not available|UnknownObject|DoesNotExist|timed out/i.test(said)) return 'missing';
  return 'unplugged';
}

/** Carries a trouble out of the way of connecting. */
class Trouble extends Error {
  readonly trouble: LineTrouble;
  constructor(trouble: LineTrouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

/** A session with BlueZ. The library reads the bus from the environment, and tells a lost bus by an event of its own. */
function session(place: BlePlace, lost: () => void) {
  const name = 'DBUS_SYSTEM_BUS_ADDRESS';
  const before = process.env[name];
  if (place.bus !== null) process.env[name] = place.bus;
  try {
    const made = createBluetooth();
    const bus: unknown = Reflect.get(made.bluetooth, 'dbus');
    if (isSender(bus)) {
      dropLateAnswers(bus);
      bus.on('error', lost);
      const stream: unknown = Reflect.get(Object(Reflect.get(bus, '_connection')), 'stream');
      if (stream && typeof stream === 'object' && 'on' in stream && typeof stream.on === 'function') stream.on('close', lost);
    }
    return made;
  } finally {
    if (place.bus !== null && before === undefined) delete process.env[name];
    else if (before !== undefined) process.env[name] = before;
  }
}

interface AdapterSeen {
  readonly name: string;
  readonly isOn: boolean;
  readonly adapter: Adapter;
}

/** All adapters in the order of their names, hci2 before hci10. */
async function adaptersOf({ bluetooth }: Pick<ReturnType<typeof session>, 'bluetooth'>): Promise<readonly AdapterSeen[]> {
  const names = (await bluetooth.adapters()).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return Promise.all(
    names.map(async (name) => {
      const adapter = await bluetooth.getAdapter(name);
      return { name, adapter, isOn: await adapter.isPowered().catch(() => false) };
    }),
  );
}

/** The adapter of that name, or the first that is on. */
function chosen(all: readonly AdapterSeen[], wanted: string | null): Adapter | LineTrouble {
  const named = all.filter(({ name }) => wanted === null || name === wanted);
  return named.find(({ isOn }) => isOn)?.adapter ?? (named.length > 0 ? 'off' : 'missing');
}

async function found(adapter: Adapter, address: string): Promise<Device> {
  const known = await adapter.getDevice(address).catch(() => null);
  if (known) return known;
  // Another program may be looking already: then its looking is as good.
  await adapter.startDiscovery().catch(() => undefined);
  try {
    return await adapter.waitDevice(address, discoveryMs, lookEveryMs);
  } finally {
    await adapter.stopDiscovery().catch(() => undefined);
  }
}

async function valueBytesOf(one: GattCharacteristic): Promise<number> {
  const helper: unknown = Reflect.get(one, 'helper');
  const ask: unknown = helper && typeof helper === 'object' ? Reflect.get(helper, 'prop') : null;
  const mtu: unknown =
    typeof ask === 'function' ? await Promise.resolve(Reflect.apply(ask, helper, ['MTU'])).catch(() => null) : null;
  return typeof mtu === 'number' ? Math.min(Math.max(leastValueBytes, mtu - 3), mostValueBytes) : leastValueBytes;
}

/** Every characteristic of the peripheral by its UUID, in lower case. */
async function characteristicsOf(device: Device): Promise<ReadonlyMap<string, GattCharacteristic>> {
  const server = await device.gatt();
  const all = new Map<string, GattCharacteristic>();
  for (const uuid of await server.services()) {
    const service = await server.getPrimaryService(uuid);
    for (const one of await service.characteristics()) all.set(one.toLowerCase(), await service.getCharacteristic(one));
  }
  return all;
}

/** Whichever comes first; who gives up at the signal leaves the rest to itself. Leaves no listener behind. */
function orEarlier<T>(work: Promise<T>, signal: AbortSignal, lost?: Set<() => void>): Promise<T | LineFailure> {
  return new Promise((resolve) => {
    const end = (value: T | LineFailure): void => {
      signal.removeEventListener('abort', late);
      lost?.delete(gone);
      resolve(value);
    };
    const late = (): void => end(failure('late'));
    const gone = (): void => end(failure('off'));
    if (signal.aborted) late();
    else signal.addEventListener('abort', late);
    lost?.add(gone);
    work.then(end, (error: unknown) => end(failure(troubleOf(error))));
  });
}

async function connected(place: BlePlace): Promise<GattLink | LineFailure> {
  let endedBy: ((why: LineTrouble) => void) | null = null;
  let isOver = false;
  const end = (why: LineTrouble): void => {
    if (isOver) return;
    isOver = true;
    endedBy?.(why);
  };
  /** All that waits for an answer from the bus. */
  const waiting = new Set<() => void>();
  const { bluetooth, destroy } = session(place, () => {
    end('off');
    for (const tell of waiting) tell();
  });
  const never = new AbortController().signal;
  const asked = async <T>(work: Promise<T>): Promise<T> => {
    const got = await orEarlier(
      work.then((value) => ({ value })),
      never,
      waiting,
    );
    if ('trouble' in got) throw new Trouble(got.trouble);
    return got.value;
  };
  try {
    const adapter = chosen(await asked(adaptersOf({ bluetooth })), place.adapter);
    if (typeof adapter === 'string') throw new Trouble(adapter);
    const device = await asked(found(adapter, place.address));
    device.on('disconnect', () => end('unplugged'));
    await asked(device.connect());
    // A bond outlives connections: it is made once, and stays with the adapter.
    if (place.isBonded && !(await asked(device.isPaired()))) await asked(device.pair());
    const all = await asked(characteristicsOf(device));
    const sizes = await Promise.all([...all.values()].map(valueBytesOf));
    return {
      kind: 'open',
      valueBytes: Math.min(...sizes, mostValueBytes),
      write: async (uuid, value, signal) => {
        const one = all.get(uuid);
        if (isOver || !one) return failure(isOver ? 'unplugged' : 'missing');
        return (await orEarlier(one.writeValueWithResponse(Buffer.from(value)), signal, waiting)) ?? null;
      },
      listen: async (uuid, heard, signal) => {
        const one = all.get(uuid);
        if (isOver || !one) return failure(isOver ? 'unplugged' : 'missing');
        one.on('valuechanged', heard);
        return (await orEarlier(one.startNotifications(), signal, waiting)) ?? null;
      },
      ended: (heard) => {
        endedBy = heard;
      },
      close: async () => {
        isOver = true;
        await orEarlier(device.disconnect(), never, waiting);
        destroy();
      },
    };
  } catch (error) {
    destroy();
    return failure(error instanceof Trouble ? error.trouble : troubleOf(error));
  }
}

/** A peripheral that is reached over BlueZ. */
export const blePeer = (place: BlePlace): GattPeer => ({
  name: place.address,
  open: (signal) => orEarlier(connected(place), signal),
});

/** A device that was heard, as far as BlueZ knows it. */
export interface DeviceSeen {
  readonly address: string;
  readonly adapter: string;
  /** Its name, and how strong it was heard, dBm; empty where neither is known. */
  readonly about: string;
}

/** Looks at what is on a bus. A text says why that cannot be done here. */
async function looked<T>(
  bus: string | null,
  limitMs: number,
  clock: Clock,
  look: (adapters: readonly AdapterSeen[]) => Promise<T>,
): Promise<{ readonly value: T } | string> {
  const none = 'no Bluetooth service answers on the D-Bus here';
  let busLost: () => void = () => undefined;
  const gone = new Promise<null>((resolve) => {
    busLost = () => resolve(null);
  });
  const { bluetooth, destroy } = session({ address: '', adapter: null, bus }, () => busLost());
  const work = async (): Promise<{ readonly value: T }> => ({ value: await look(await adaptersOf({ bluetooth })) });
  try {
    const timed = await within(clock, limitMs, () => Promise.race([work(), gone]));
    return timed.kind === 'late' || timed.value === null ? none : timed.value;
  } catch (error) {
    return troubleOf(error) === 'permission' ? 'this user may not use Bluetooth' : none;
  } finally {
    destroy();
  }
}

/** Why a place cannot be reached by its adapter, with those that are there; null where that is not what keeps it away. */
export async function adapterTrouble({ adapter, bus }: BlePlace, clock: Clock): Promise<string | null> {
  const seen = await looked(bus, answerMs, clock, async (all) => {
    const trouble = chosen(all, adapter);
    if (typeof trouble !== 'string') return null;
    const names = all.map(({ name, isOn }) => `${name}${isOn ? '' : ' (off)'}`).join(', ');
    if (all.length === 0) return 'there is no Bluetooth adapter here';
    if (adapter === null) return `no Bluetooth adapter is on; there are ${names}`;
    return `the adapter ${adapter} is ${trouble === 'off' ? 'off' : 'not here'}; there are ${names}`;
  });
  return typeof seen === 'string' ? seen : seen.value;
}

/** Listens with every adapter for a while. A text says why that cannot be done here. Connects to nothing. */
export async function bleDevices(bus: string | null, ms: number, clock: Clock): Promise<readonly DeviceSeen[] | string> {
  const seen = await looked(bus, ms + answerMs, clock, async (adapters) => {
    for (const { adapter } of adapters) await adapter.startDiscovery().catch(() => undefined);
    await clock.sleep(ms);
    const devices: DeviceSeen[] = [];
    for (const { name, adapter } of adapters) {
      for (const address of await adapter.devices()) {
        const device = await adapter.getDevice(address);
        const [called, strength] = await Promise.all([device.getName().catch(() => ''), device.getRSSI().catch(() => '')]);
        const about = [called, strength === '' ? '' : `${strength} dBm`].filter((part) => part !== '');
        devices.push({ address, adapter: name, about: about.join(', ') });
      }
      await adapter.stopDiscovery().catch(() => undefined);
    }
    return devices;
  });
  return typeof seen === 'string' ? seen : seen.value;
}
