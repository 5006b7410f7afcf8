import { createBluetooth, type Adapter, type Device, type GattCharacteristic } from 'node-ble';
import type { GattLink, GattPeer, LineFailure, LineTrouble } from '../contract/link.ts';

/** Where a peripheral is: its address, the adapter to reach it by, and the bus where that is not the system's. */
export interface BlePlace {
  readonly address: string;
  /** e.g. `hci0`. */
  readonly adapter: string;
  /** As DBUS_SYSTEM_BUS_ADDRESS has it; null: the system's. */
  readonly bus: string | null;
}

const discoveryMs = 20_000;
const lookEveryMs = 100;
/** What every connection carries, bytes: ATT MTU 23 less 3. */
const leastValueBytes = 20;
const mostValueBytes = 512;

const failure = (trouble: LineTrouble): LineFailure => ({ kind: 'trouble', trouble });

/** What BlueZ or the bus says, as one of the troubles of a line. */
function troubleOf(error: unknown): LineTrouble {
  const said = error instanceof Error ? `${error.name} ${'type' in error ? String(error.type) : ''} ${error.message}` : '';
  if (/NotReady|not ready|ServiceUnknown|ECONNREFUSED|ENOENT|EPIPE|disconnect.*bus|bus.*gone/i.test(said)) return 'off';
  if (/NotAuthorized|AccessDenied|NotPermitted/i.test(said)) return 'permission';
  if (/not found|not available|UnknownObject|DoesNotExist|timed out/i.test(said)) return 'missing';
  return 'unplugged';
}

/** A session with BlueZ. The library reads the bus from the environment, and tells a lost bus by an event of its own. */
function session(place: BlePlace, lost: () => void) {
  const name = 'DBUS_SYSTEM_BUS_ADDRESS';
  const before = process.env[name];
  if (place.bus !== null) process.env[name] = place.bus;
  try {
    const made = createBluetooth();
    const bus: unknown = Reflect.get(made.bluetooth, 'dbus');
    if (bus && typeof bus === 'object' && 'on' in bus && typeof bus.on === 'function') {
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

/** Whichever comes first; who gives up at the signal leaves the rest to itself. */
const before = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | LineFailure> => {
  work.catch(() => undefined);
  return Promise.race([
    work,
    new Promise<LineFailure>((resolve) => {
      if (signal.aborted) resolve(failure('late'));
      else signal.addEventListener('abort', () => resolve(failure('late')), { once: true });
    }),
  ]).catch((error: unknown) => failure(troubleOf(error)));
};

async function connected(place: BlePlace): Promise<GattLink | LineFailure> {
  let endedBy: ((why: LineTrouble) => void) | null = null;
  let isOver = false;
  const end = (why: LineTrouble): void => {
    if (isOver) return;
    isOver = true;
    endedBy?.(why);
  };
  let busLost: () => void = () => undefined;
  const gone = new Promise<never>((_, reject) => {
    busLost = () => {
      end('off');
      reject(new Error('ECONNREFUSED'));
    };
  });
  gone.catch(() => undefined);
  const { bluetooth, destroy } = session(place, () => busLost());
  try {
    const adapter = await Promise.race([bluetooth.getAdapter(place.adapter), gone]);
    if (!(await adapter.isPowered())) throw new Error('NotReady');
    const device = await Promise.race([found(adapter, place.address), gone]);
    device.on('disconnect', () => end('unplugged'));
    await Promise.race([device.connect(), gone]);
    const all = await Promise.race([characteristicsOf(device), gone]);
    const sizes = await Promise.all([...all.values()].map(valueBytesOf));
    return {
      kind: 'open',
      valueBytes: Math.min(...sizes, mostValueBytes),
      write: async (uuid, value, signal) => {
        const one = all.get(uuid);
        if (isOver || !one) return failure(isOver ? 'unplugged' : 'missing');
        const wrote = await before(Promise.race([one.writeValueWithResponse(Buffer.from(value)), gone]), signal);
        return wrote ?? null;
      },
      listen: async (uuid, heard, signal) => {
        const one = all.get(uuid);
        if (isOver || !one) return failure(isOver ? 'unplugged' : 'missing');
        one.on('valuechanged', heard);
        const begun = await before(Promise.race([one.startNotifications(), gone]), signal);
        return begun ?? null;
      },
      ended: (heard) => {
        endedBy = heard;
      },
      close: async () => {
        isOver = true;
        await Promise.race([device.disconnect(), gone]).catch(() => undefined);
        destroy();
      },
    };
  } catch (error) {
    destroy();
    return failure(troubleOf(error));
  }
}

/** A peripheral that is reached over BlueZ. */
export const blePeer = (place: BlePlace): GattPeer => ({
  name: place.address,
  open: (signal) => before(connected(place), signal),
});
