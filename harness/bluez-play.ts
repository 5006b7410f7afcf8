import { lockUuids } from '../device/gatt.ts';
import type { Person } from '../rig/bluez-agent.ts';
import { type BluezClient, text } from '../rig/bluez-client.ts';
import { realClock } from '../rig/clock.ts';
import type { EchoLock } from './bluez-lock.ts';

/** Facts by scene and name. */
export type Facts = Readonly<Record<string, string>>;

/** A BlueZ, our lock in reach of its adapter hci0, and ways to play with both. */
export interface Air {
  readonly bus: string;
  readonly client: BluezClient;
  readonly address: string;
  readonly lock: EchoLock;
  /** The lock ends the connection. */
  drop(): Promise<void>;
  /** The lock forgets every bond. */
  lockForgets(): Promise<void>;
  /** Who is asked at the lock when somebody pairs with it. */
  atLock(person: Person | null): Promise<void>;
  /** The BlueZ is ended and begins again, with this as the longest ATT MTU that it takes. */
  restart(mtu: number): Promise<void>;
}

/** A scene in the middle of its play: what it asks, and what it notes. */
export interface Play extends Air {
  /** The path of the lock's object. */
  readonly device: string;
  note(scene: string, name: string, value: unknown): void;
  /** Of the lock's object. */
  is(property: 'Connected' | 'Paired' | 'Bonded' | 'Trusted' | 'ServicesResolved'): Promise<boolean>;
  askDevice(method: string): Promise<string>;
  /** The path of a characteristic by its UUID. */
  charOf(uuid: string): Promise<string>;
  write(path: string, size: number): Promise<string>;
  read(uuid: string): Promise<string>;
}

export const clock = realClock();
export const adapter = '/org/bluez/hci0';
export const characteristic = 'GattCharacteristic1';
/** What the lock shows to whom it is bonded with only, and to whom a passkey has made sure of. */
export const keptUuids = {
  encrypted: '6c6f636b-7072-6f6f-6600-000000000004',
  assured: '6c6f636b-7072-6f6f-6600-000000000005',
} as const;
const lookMs = 50;
const findsMs = 15_000;
const resolvesMs = 10_000;

export async function until(limitMs: number, isSo: () => Promise<boolean> | boolean): Promise<boolean> {
  for (const endMs = clock.nowMs() + limitMs; clock.nowMs() < endMs;) {
    if (await isSo()) return true;
    await clock.sleep(lookMs);
  }
  return isSo();
}

/** Looks for the lock until it is found. */
export async function found({ client, device }: Play): Promise<boolean> {
  await client.ask(adapter, 'Adapter1', 'SetDiscoveryFilter', ['a{sv}', { Transport: text('le') }]);
  await client.ask(adapter, 'Adapter1', 'StartDiscovery');
  const isFound = await until(findsMs, async () => (await client.objects()).has(device));
  await client.ask(adapter, 'Adapter1', 'StopDiscovery');
  return isFound;
}

/** Connects, and waits until the lock's characteristics are known. */
export async function connected({ askDevice, is }: Play): Promise<string> {
  const said = await askDevice('Connect');
  // A connection that is made may end before they are.
  if (said === 'ok') await until(resolvesMs, async () => (await is('ServicesResolved')) || !(await is('Connected')));
  return said;
}

/** The path of the lock's object, and what of it scenes ask. */
export function playOf(air: Air, note: Play['note']): Play {
  const { client, address } = air;
  const device = `${adapter}/dev_${address.replaceAll(':', '_')}`;
  const isOf = async (path: string, faces: readonly string[], uuid: string): Promise<boolean> =>
    path.startsWith(device) &&
    faces.includes(`org.bluez.${characteristic}`) &&
    (await client.property(path, characteristic, 'UUID')) === uuid;
  const charOf = async (uuid: string): Promise<string> => {
    for (const [path, faces] of await client.objects()) if (await isOf(path, faces, uuid)) return path;
    return `${device}/none`;
  };
  return {
    ...air,
    device,
    note,
    is: async (property) => (await client.property(device, 'Device1', property)) === true,
    askDevice: (method) => client.ask(device, 'Device1', method),
    charOf,
    write: (path, size) => client.ask(path, characteristic, 'WriteValue', ['ay', Buffer.alloc(size, 0x55)], ['a{sv}', {}]),
    read: async (uuid) => client.ask(await charOf(uuid), characteristic, 'ReadValue', ['a{sv}', {}]),
  };
}

/** What of a notification arrives, bytes of bytes. */
export async function tells({ client, lock, charOf }: Play, size: number, pieceBytes = size): Promise<string> {
  const from = await charOf(lockUuids.from);
  const before = client.values(from).length;
  lock.say(Buffer.alloc(size, 0x66), pieceBytes);
  const all = (): number =>
    client
      .values(from)
      .slice(before)
      .reduce((sum, value) => sum + value.length, 0);
  await until(1_500, () => all() >= size);
  return `${all()} of ${size} bytes`;
}

/** What of a write arrives. */
export async function takes({ lock, charOf, write }: Play, size: number): Promise<string> {
  lock.forget();
  const said = await write(await charOf(lockUuids.to), size);
  const due = said === 'ok' ? size : 0;
  await until(2_000, () => lock.written().length >= due);
  return `${said}, ${lock.written().length} arrive`;
}
