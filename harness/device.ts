import { randomBytes } from 'node:crypto';
import { type Declaration, has } from '../contract/declaration.ts';
import type { ByteLine } from '../contract/link.ts';
import type { Twin } from '../contract/vendor.ts';
import type { Wires } from '../contract/wire.ts';
import type { Clock, Random, World } from '../contract/world.ts';
import { deviceFace } from '../device/face.ts';
import { gattLine } from '../device/gatt.ts';
import { keyPair } from '../device/noise.ts';
import { pipe } from '../device/pipe.ts';
import { deviceWires, type DeviceWires } from '../device/wires.ts';
import { adapterTrouble, blePeer, type BlePlace } from '../rig/ble.ts';
import { serialLine } from '../rig/serial.ts';
import type { Target } from './target.ts';
import { noWires } from './wires.ts';

/** The lock's own link of a bench, for as long as the bench stands. */
export interface DeviceLink {
  readonly wires: Wires;
  /** Another lock is there from now on, as it left its commissioning. */
  forget(): void;
  /** Its keys are again as they were found; null, or why they are not. */
  ready(): Promise<string | null>;
  close(): Promise<void>;
}

const keyBytes = 32;
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

type Named = NonNullable<Target['device']>;

const bleOf = ({ address, adapter, bus }: Extract<Named, { address: string }>): BlePlace => ({
  address,
  adapter: adapter ?? null,
  bus: bus ?? null,
});

/** The lock that a target file names: on a serial port, or over BLE. */
export function targetDevice(device: Named, declaration: Declaration, clock: Clock): DeviceLink {
  const keys = { lockKey: Buffer.from(device.lockKey, 'hex'), ownerSecret: Buffer.from(device.ownerKey, 'hex') };
  const place = 'port' in device ? null : bleOf(device);
  const line = 'port' in device ? serialLine({ path: device.port, baud: device.baud }) : gattLine(blePeer(bleOf(device)));
  const wires = wiresOn(line, clock, randomBytes, keys, declaration);
  // What an earlier run left, which died, is not known.
  let isTouched = true;
  const ready = async (): Promise<string | null> => {
    if (!isTouched) return null;
    const why = await wires.restore();
    isTouched = why !== null;
    return isTouched && place ? ((await adapterTrouble(place, clock)) ?? why) : why;
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
    forget: wires.forget,
    close: async () => {
      await ready();
      await wires.close();
    },
  };
}
