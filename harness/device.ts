import { randomBytes } from 'node:crypto';
import { type Declaration, has } from '../contract/declaration.ts';
import { type DeviceCore, standingFor } from '../contract/device.ts';
import type { ByteLine } from '../contract/link.ts';
import type { Twin } from '../contract/vendor.ts';
import type { Wires } from '../contract/wire.ts';
import type { Clock, Random, World } from '../contract/world.ts';
import { deviceFace } from '../device/face.ts';
import { gattLine, lockUuids } from '../device/gatt.ts';
import { keyPair } from '../device/noise.ts';
import { pipe } from '../device/pipe.ts';
import { deviceWires, type DeviceWires } from '../device/wires.ts';
import { realClock } from '../rig/clock.ts';
import { blePeer } from '../rig/ble.ts';
import { simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { serialLine } from '../rig/serial.ts';
import type { Target } from './target.ts';
import { noWires } from './wires.ts';

/** The lock's own link of a bench, for as long as the bench stands. */
export interface DeviceLink {
  readonly wires: Wires;
  /** Its keys are again as they were found; null, or why they are not. */
  ready(): Promise<string | null>;
  close(): Promise<void>;
}

const keyBytes = 32;
/** One of those for documentation (RFC 9542), and a usual MTU less 3. */
const address = '00:00:5E:00:53:AA';
const valueBytes = 182;
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const chances = (random: Random) => (count: number) => Uint8Array.from({ length: count }, () => random.below(256));

function wiresOn(
  line: ByteLine,
  clock: Clock,
  bytes: (count: number) => Uint8Array,
  keys: Keys,
  declaration: Declaration,
): DeviceWires {
  const { callMs: answerMs, boltMs } = declaration.timing;
  return deviceWires({ line, clock, bytes, answerMs, boltMs, ...keys });
}
interface Keys {
  readonly lockKey: Uint8Array;
  readonly ownerSecret: Uint8Array;
}

/** A simulated lock's link in memory, made when it is first used: most runs never do. */
export function twinDevice(twin: Twin, { clock, random }: World, declaration: Declaration): Wires {
  if (!has(declaration, 'device-link')) return noWires;
  let made: Wires | null = null;
  const make = (): Wires => {
    const [inside, outside] = [chances(random.split('lock keys')), chances(random.split('caller keys'))];
    const lock = keyPair(inside(keyBytes));
    const ownerSecret = outside(keyBytes);
    const core = twin.deviceCore(toHex(keyPair(ownerSecret).open));
    const line = pipe(deviceFace({ core, key: lock, clock, bytes: inside }));
    return wiresOn(line, clock, outside, { lockKey: lock.open, ownerSecret }, declaration);
  };
  return { ...noWires, can: new Set(['device']), act: (act) => (made ??= make()).act(act) };
}

/** Simulated locks, one after the other, behind one radio on a D-Bus of their own. A text says why there is none. */
export async function radioDevice(
  first: Twin,
  clock: Clock,
  declaration: Declaration,
): Promise<(DeviceLink & { readonly to: (twin: Twin) => void }) | string> {
  const bus = await privateBus();
  if (bus.kind === 'missing') return bus.why;
  const lock = keyPair(randomBytes(keyBytes));
  const ownerSecret = randomBytes(keyBytes);
  const coreOf = (twin: Twin): DeviceCore => twin.deviceCore(toHex(keyPair(ownerSecret).open));
  let now = coreOf(first);
  const serve = deviceFace({ core: standingFor(() => now), key: lock, clock, bytes: randomBytes });
  const radio = await simulatedRadio(bus.address, { address, name: 'simulated lock', uuids: lockUuids, valueBytes, serve });
  const line = gattLine(blePeer({ bus: bus.address, adapter: 'hci0', address }));
  const wires = wiresOn(line, realClock(), randomBytes, { lockKey: lock.open, ownerSecret }, declaration);
  return {
    wires,
    ready: async () => null,
    to: (twin) => {
      now = coreOf(twin);
      wires.forget();
    },
    close: async () => {
      await wires.close();
      await radio.close();
      await bus.close();
    },
  };
}

/** The lock that a target file names: on a serial port, or over BLE. */
export function targetDevice(device: NonNullable<Target['device']>, declaration: Declaration, clock: Clock): DeviceLink {
  const keys = { lockKey: Buffer.from(device.lockKey, 'hex'), ownerSecret: Buffer.from(device.ownerKey, 'hex') };
  const line =
    'port' in device
      ? serialLine({ path: device.port, baud: device.baud })
      : gattLine(blePeer({ address: device.address, adapter: device.adapter, bus: device.bus ?? null }));
  const wires = wiresOn(line, clock, randomBytes, keys, declaration);
  // What an earlier run left, which died, is not known.
  let isTouched = true;
  const ready = async (): Promise<string | null> => {
    if (!isTouched) return null;
    const why = await wires.restore();
    isTouched = why !== null;
    return why;
  };
  return {
    wires: {
      ...wires,
      act: (act) => {
        isTouched = true;
        return wires.act(act);
      },
    },
    ready,
    close: async () => {
      await ready();
      await wires.close();
    },
  };
}
