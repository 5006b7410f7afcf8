import { randomBytes } from 'node:crypto';
import { deviceFace } from '../device/face.ts';
import { gattLine, lockUuids } from '../device/gatt.ts';
import { keyPair } from '../device/noise.ts';
import { deviceWires } from '../device/wires.ts';
import type { DeviceCore } from '../contract/device.ts';
import type { ByteLink } from '../contract/link.ts';
import { blePeer } from '../rig/ble.ts';
import { type BluezClient, text } from '../rig/bluez-client.ts';
import { realClock } from '../rig/clock.ts';

/**
 * What a client sees of a BlueZ and of a lock in its reach, as facts in words: the same scenes are played at the real one and at
 * the one that is simulated here, and what differs is a difference.
 */

/** Facts by scene and name. */
export type Facts = Readonly<Record<string, string>>;

/** A BlueZ, our lock in reach of its adapter hci0, and ways to play with both. */
export interface Air {
  readonly bus: string;
  readonly client: BluezClient;
  readonly address: string;
  /** What was written to the lock last. */
  readonly lock: EchoLock;
  /** The lock ends the connection. */
  drop(): Promise<void>;
}

const lockKeys = keyPair(new Uint8Array(32).fill(5));
const ownerSecret = new Uint8Array(32).fill(3);

/** A lock that speaks the device protocol, and lets raw bytes be said and seen beside it. */
export interface EchoLock {
  readonly serve: (link: ByteLink) => void;
  written(): Uint8Array;
  forget(): void;
  say(bytes: Uint8Array): void;
}

const core = (): DeviceCore => {
  let last = 100;
  return {
    awake: () => true,
    offered: () => null,
    admit: () => ({ session: ++last, role: 'owner' }),
    takes: (_, { authentic, seq, newest }) => authentic && seq > newest,
    isOver: () => false,
    hears: () => true,
    perform: async () => ({
      kind: 'status',
      status: { bolt: 'locked', batteryPercent: 90, deviceMs: 1, clockKnown: true, firmware: '1.0' },
    }),
  };
};

export function echoLock(): EchoLock {
  let heard: Uint8Array = new Uint8Array();
  let current: ByteLink | null = null;
  const face = deviceFace({ core: core(), key: lockKeys, clock: realClock(), bytes: randomBytes });
  return {
    serve: (link) => {
      current = link;
      face({
        ...link,
        listen: (hear, ended) =>
          link.listen((bytes) => {
            heard = Buffer.concat([heard, bytes]);
            hear(bytes);
          }, ended),
      });
    },
    written: () => heard,
    forget: () => {
      heard = new Uint8Array();
    },
    say: (bytes) => void current?.write(bytes, new AbortController().signal),
  };
}

const clock = realClock();
const adapter = '/org/bluez/hci0';
const characteristic = 'GattCharacteristic1';
const lookMs = 50;

async function until(limitMs: number, isSo: () => Promise<boolean> | boolean): Promise<boolean> {
  for (const endMs = clock.nowMs() + limitMs; clock.nowMs() < endMs;) {
    if (await isSo()) return true;
    await clock.sleep(lookMs);
  }
  return isSo();
}

/** A scene in the middle of its play: what it asks, and what it notes. */
interface Play extends Air {
  /** The path of the lock's object. */
  readonly device: string;
  note(scene: string, name: string, value: unknown): void;
  isConnected(): Promise<boolean>;
  /** The path of a characteristic by its UUID. */
  charOf(uuid: string): Promise<string>;
  write(path: string, size: number): Promise<string>;
}

async function discovery({ client, device, note }: Play): Promise<void> {
  const ask = (method: string): Promise<string> => client.ask(adapter, 'Adapter1', method);
  note('discovery', 'stopped before it was begun', await ask('StopDiscovery'));
  const filter = await client.ask(adapter, 'Adapter1', 'SetDiscoveryFilter', ['a{sv}', { Transport: text('le') }]);
  note('discovery', 'a filter', filter);
  note('discovery', 'begun', await ask('StartDiscovery'));
  note('discovery', 'begun again', await ask('StartDiscovery'));
  note('discovery', 'the lock is found', await until(15_000, async () => (await client.objects()).has(device)));
  const uuids = await client.property(device, 'Device1', 'UUIDs');
  note('discovery', 'it tells its service', Array.isArray(uuids) && uuids.includes(lockUuids.service));
  note('discovery', 'paired', await client.property(device, 'Device1', 'Paired'));
  note('discovery', 'stopped', await ask('StopDiscovery'));
  note('discovery', 'stopped again', await ask('StopDiscovery'));
}

async function connection({ client, device, note, isConnected, charOf, write }: Play): Promise<void> {
  const isResolved = async (): Promise<boolean> => (await client.property(device, 'Device1', 'ServicesResolved')) === true;
  note('connection', 'a characteristic before it', await write(`${device}/service0010/char0011`, 1));
  note('connection', 'made', await client.ask(device, 'Device1', 'Connect'));
  note('connection', 'connected', await until(5_000, isConnected));
  note('connection', 'services resolved', await until(10_000, isResolved));
  note('connection', 'made again', await client.ask(device, 'Device1', 'Connect'));
  const [to, from] = [await charOf(lockUuids.to), await charOf(lockUuids.from)];
  note('connection', 'flags to the lock', await client.property(to, characteristic, 'Flags'));
  note('connection', 'flags from the lock', await client.property(from, characteristic, 'Flags'));
  note('connection', 'MTU is told', typeof (await client.property(to, characteristic, 'MTU')) === 'number');
}

async function writes({ lock, note, charOf, write }: Play): Promise<void> {
  const [to, from] = [await charOf(lockUuids.to), await charOf(lockUuids.from)];
  for (const size of [1, 20, 500, 510, 511, 512]) {
    lock.forget();
    const said = await write(to, size);
    const due = said === 'ok' ? size : 0;
    await until(2_000, () => lock.written().length >= due);
    note('writes', `${size} bytes`, `${said}, ${lock.written().length} arrive`);
  }
  note('writes', 'to what only notifies', await write(from, 1));
}

async function notifications({ client, lock, note, charOf }: Play): Promise<void> {
  const from = await charOf(lockUuids.from);
  const ask = (method: string): Promise<string> => client.ask(from, characteristic, method);
  const isNotifying = async (): Promise<boolean> => (await client.property(from, characteristic, 'Notifying')) === true;
  const tells = async (size: number): Promise<string> => {
    const before = client.values(from).length;
    lock.say(Buffer.alloc(size, 0x66));
    const all = (): number =>
      client
        .values(from)
        .slice(before)
        .reduce((sum, value) => sum + value.length, 0);
    await until(1_500, () => all() >= size);
    return `${all()} of ${size} bytes`;
  };
  note('notifications', 'before they are asked for', await tells(10));
  note('notifications', 'asked for', await ask('StartNotify'));
  note('notifications', 'notifying', await until(2_000, isNotifying));
  note('notifications', 'asked for again', await ask('StartNotify'));
  note('notifications', 'short', await tells(10));
  note('notifications', 'in several', await tells(100));
  note('notifications', 'ended', await ask('StopNotify'));
  note('notifications', 'after that', await tells(10));
}

async function theEnd({ client, device, note, isConnected, charOf, write, drop }: Play): Promise<void> {
  const to = await charOf(lockUuids.to);
  const isGone = async (): Promise<boolean> => !(await isConnected());
  await drop();
  note('the end', 'by the lock: disconnected', await until(6_000, isGone));
  note('the end', 'by the lock: a write after it', await write(to, 1));
  note('the end', 'connected again', await client.ask(device, 'Device1', 'Connect'));
  note('the end', 'by the caller', await client.ask(device, 'Device1', 'Disconnect'));
  note('the end', 'by the caller: disconnected', await until(6_000, isGone));
  note('the end', 'by the caller, again', await client.ask(device, 'Device1', 'Disconnect'));
}

async function pairing({ client, device, note }: Play): Promise<void> {
  const isPaired = async (): Promise<boolean> => (await client.property(device, 'Device1', 'Paired')) === true;
  note('pairing', 'asked for', await client.ask(device, 'Device1', 'Pair'));
  note('pairing', 'paired', await until(5_000, isPaired));
  note('pairing', 'asked for again', await client.ask(device, 'Device1', 'Pair'));
  await client.ask(device, 'Device1', 'Disconnect');
}

async function session({ bus, address, note, drop }: Play): Promise<void> {
  const line = gattLine(blePeer({ address, adapter: 'hci0', bus }));
  const parts = { line, clock, bytes: randomBytes, lockKey: lockKeys.open, answerMs: 10_000, boltMs: 200, ownerSecret };
  const wires = deviceWires(parts);
  const ask = async (name: string): Promise<void> => {
    const opened = await wires.act({ on: 'device', do: 'connect', as: 'owner', offer: 'right' });
    const status = await wires.act({ on: 'device', do: 'ask', as: 'owner', ask: 'status', sent: 'well' });
    note('a session', name, [opened, status].map((sight) => (sight.on === 'device' ? sight.said : '')).join(', '));
  };
  await ask('opened, and asked for the status');
  await drop();
  await clock.sleep(500);
  await ask('again, after the lock has ended the connection');
  await wires.close();
}

async function theAdapter({ client, device, note }: Play): Promise<void> {
  note('the adapter', 'off', await client.set(adapter, 'Adapter1', 'Powered', 'b', false));
  note('the adapter', 'off: discovery', await client.ask(adapter, 'Adapter1', 'StartDiscovery'));
  note('the adapter', 'off: a connection', await client.ask(device, 'Device1', 'Connect'));
  note('the adapter', 'on', await client.set(adapter, 'Adapter1', 'Powered', 'b', true));
  note('the adapter', 'the lock is forgotten', await client.ask(adapter, 'Adapter1', 'RemoveDevice', ['o', device]));
  note('the adapter', 'forgotten: a connection', await client.ask(device, 'Device1', 'Connect'));
}

/** In an order in which each finds what it needs. */
const scenes: readonly (readonly [name: string, play: (play: Play) => Promise<void>])[] = [
  ['discovery', discovery],
  ['connection', connection],
  ['writes', writes],
  ['notifications', notifications],
  ['the end of a connection', theEnd],
  ['pairing', pairing],
  ['a session of the device protocol', session],
  ['the adapter', theAdapter],
];

/** Plays every scene once. */
export async function playScenes(air: Air, told: (scene: string) => void): Promise<Facts> {
  const { client, address } = air;
  const facts: Record<string, string> = {};
  const device = `${adapter}/dev_${address.replaceAll(':', '_')}`;
  const isOf = async (path: string, faces: readonly string[], uuid: string): Promise<boolean> =>
    path.startsWith(device) &&
    faces.includes(`org.bluez.${characteristic}`) &&
    (await client.property(path, characteristic, 'UUID')) === uuid;
  const play: Play = {
    ...air,
    device,
    note: (scene, name, value) => void (facts[`${scene}: ${name}`] = String(value)),
    isConnected: async () => (await client.property(device, 'Device1', 'Connected')) === true,
    charOf: async (uuid) => {
      for (const [path, faces] of await client.objects()) if (await isOf(path, faces, uuid)) return path;
      return `${device}/none`;
    },
    write: (path, size) => client.ask(path, characteristic, 'WriteValue', ['ay', Buffer.alloc(size, 0x55)], ['a{sv}', {}]),
  };
  for (const [name, scene] of scenes) {
    told(name);
    await scene(play);
  }
  return facts;
}
