import { randomBytes } from 'node:crypto';
import { type Declaration, has } from '../contract/declaration.ts';
import { type DeviceCore, standingFor } from '../contract/device.ts';
import type { ByteLine } from '../contract/link.ts';
import type { Twin } from '../contract/vendor.ts';
import type { Wires } from '../contract/wire.ts';
import type { Clock, Random, World } from '../contract/world.ts';
import { deviceFace } from '../device/face.ts';
import { keyPair } from '../device/noise.ts';
import { pipe } from '../device/pipe.ts';
import { deviceWires, type DeviceWires } from '../device/wires.ts';
import { realClock } from '../rig/clock.ts';
import { servePty } from '../rig/pty.ts';
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
const ptyBaud = 115_200;
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

/** Simulated locks, one after the other, behind one real serial port: a pseudo-terminal. A text says why there is none. */
export async function ptyDevice(
  first: Twin,
  clock: Clock,
  declaration: Declaration,
): Promise<(DeviceLink & { readonly to: (twin: Twin) => void }) | string> {
  const lock = keyPair(randomBytes(keyBytes));
  const ownerSecret = randomBytes(keyBytes);
  const coreOf = (twin: Twin): DeviceCore => twin.deviceCore(toHex(keyPair(ownerSecret).open));
  let now = coreOf(first);
  const pty = await servePty(deviceFace({ core: standingFor(() => now), key: lock, clock, bytes: randomBytes }));
  if (pty.kind === 'missing') return pty.why;
  const line = serialLine({ path: pty.path, baud: ptyBaud });
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
      await pty.close();
    },
  };
}

/** The lock on the serial port that a target file names. */
export function targetDevice(device: NonNullable<Target['device']>, declaration: Declaration, clock: Clock): DeviceLink {
  const keys = { lockKey: Buffer.from(device.lockKey, 'hex'), ownerSecret: Buffer.from(device.ownerKey, 'hex') };
  const wires = wiresOn(serialLine({ path: device.port, baud: device.baud }), clock, randomBytes, keys, declaration);
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
