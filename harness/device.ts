import { randomBytes } from 'node:crypto';
import { type Declaration, has } from '../contract/declaration.ts';
import type { Secrets } from '../contract/secrets.ts';
import type { LinkParts, Twin, Vendor } from '../contract/vendor.ts';
import type { LinkWires, Wires } from '../contract/wire.ts';
import type { Clock, Random, World } from '../contract/world.ts';
import { TargetTrouble } from './bench.ts';
import { deviceFace } from '../device/face.ts';
import { gattLine } from '../device/gatt.ts';
import { keyPair } from '../device/noise.ts';
import { pipe } from '../device/pipe.ts';
import { deviceWires, lacks } from '../device/wires.ts';
import { adapterTrouble, blePeer, type BlePlace } from '../rig/ble.ts';
import { serialLine } from '../rig/serial.ts';
import { tcpLine } from '../rig/tcp.ts';
import type { Target } from './target.ts';
import { noWires } from './wires.ts';

/** The lock's own link of a bench, for as long as the bench stands. */
export interface DeviceLink {
  readonly wires: Wires;
  /** Another lock is there from now on, as it left its commissioning. */
  forget(): void;
  /** Its keys are again as they were found; null, or why they are not. */
  ready(): Promise<string | null>;
  /** Its keys are put back for good; null, or a sentence of what is left, where something was done that stays. */
  parting(): Promise<string | null>;
  close(): Promise<void>;
}

const keyBytes = 32;
/** A line in memory has no speed; its reader is told one all the same. */
const simulatedBaud = 9_600;
/** AES-128: the base key of a reader's secure channel. */
const baseKeyBytes = 16;
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const chances = (random: Random) => (count: number) => Uint8Array.from({ length: count }, () => random.below(256));

/** Whose link it is, and what tells the PINs of a run that come over it. */
export interface Whose {
  readonly vendor: Vendor;
  readonly declaration: Declaration;
  readonly symbolOf: Secrets['symbolOf'];
}
type OnLine = Pick<LinkParts, 'line' | 'clock' | 'bytes'>;

function ownWires(on: OnLine, keys: { lockKey: Uint8Array; ownerSecret: Uint8Array }, { timing }: Declaration): LinkWires {
  return deviceWires({ ...on, answerMs: timing.callMs, boltMs: timing.boltMs, ...keys });
}

/** A simulated lock's link in memory, made when it is first used: most runs never do. */
export function twinDevice(twin: Twin, { clock, random }: World, { vendor, declaration, symbolOf }: Whose): Wires {
  if (!has(declaration, 'device-link')) return noWires;
  const { deviceCore, ownLine } = twin;
  const [inside, outside] = [chances(random.split('lock keys')), chances(random.split('caller keys'))];
  const on = { clock, bytes: outside };
  const make = (): LinkWires => {
    if (vendor.link && ownLine) {
      const key = outside(baseKeyBytes);
      const line = pipe(ownLine(key));
      return vendor.link({ ...on, line, declaration, symbolOf, key, baud: simulatedBaud, address: 0, output: 0 });
    }
    if (!deviceCore) throw new Error(`the twin of ${vendor.id} has no link of its own`);
    const lock = keyPair(inside(keyBytes));
    const ownerSecret = outside(keyBytes);
    const core = deviceCore(toHex(keyPair(ownerSecret).open));
    const line = pipe(deviceFace({ core, key: lock, clock, bytes: inside }));
    return ownWires({ ...on, line }, { lockKey: lock.open, ownerSecret }, declaration);
  };
  let made: LinkWires | null = null;
  const wires = (): LinkWires => (made ??= make());
  // What a protocol has no words for is asked before anything is done.
  const unsaid = vendor.link ? wires().lacks : lacks;
  return { ...noWires, can: new Set(['device']), ...(unsaid && { lacks: unsaid }), act: (act) => wires().act(act) };
}

type Named = NonNullable<Target['device']>;

const bleOf = ({ address, adapter, bus, bonding }: Extract<Named, { address: string }>): BlePlace => ({
  address,
  adapter: adapter ?? null,
  bus: bus ?? null,
  isBonded: bonding !== undefined,
});

function wiresTo(device: Named, { vendor, declaration, symbolOf }: Whose, clock: Clock): LinkWires {
  const on = { clock, bytes: randomBytes };
  if ('scbk' in device) {
    if (!vendor.link)
      throw new TargetTrouble(`${vendor.id} has no driver for a reader: take scbk out of device, or name vendor: osdp`);
    const { address, output, port, baud } = device;
    const key = Buffer.from(device.scbk, 'hex');
    const overTcp = tcpLine(port);
    return vendor.link({
      ...on,
      line: overTcp ?? serialLine({ path: port, baud }),
      declaration,
      symbolOf,
      key,
      // Behind a terminal server the speed is the server's.
      baud: overTcp ? null : baud,
      address,
      output,
    });
  }
  const keys = { lockKey: Buffer.from(device.lockKey, 'hex'), ownerSecret: Buffer.from(device.ownerKey, 'hex') };
  const line = 'port' in device ? serialLine({ path: device.port, baud: device.baud }) : gattLine(blePeer(bleOf(device)));
  return ownWires({ ...on, line }, keys, declaration);
}

/** Of what is done on a lock's own link these leave nothing behind; every other changes keys or address. */
const passing: readonly string[] = ['connect', 'ask', 'replay', 'leave'];

/** The lock that a target file names: on a serial port, or over BLE. */
export function targetDevice(device: Named, whose: Whose, clock: Clock): DeviceLink {
  const place = 'port' in device ? null : bleOf(device);
  const wires = wiresTo(device, whose, clock);
  // What an earlier run left, which died, is not known.
  let isTouched = true;
  let isChanged = false;
  let wasReady = false;
  let left: Promise<string | null> | null = null;
  const ready = async (): Promise<string | null> => {
    if (!isTouched) return null;
    const why = await wires.restore();
    isTouched = why !== null;
    if (why === null) [isChanged, wasReady] = [false, true];
    return isTouched && place ? ((await adapterTrouble(place, clock)) ?? why) : why;
  };
  const part = async (): Promise<string | null> => {
    const why = await ready();
    if (why === null || !wasReady) return null;
    return `the lock’s own link ${isChanged ? 'is not as it was found' : 'can no longer be used'}: ${why}`;
  };
  const parting = (): Promise<string | null> => (left ??= part());
  return {
    wires: {
      ...wires,
      act: (act) => {
        isTouched = true;
        isChanged ||= !passing.includes(act.do);
        left = null;
        return wires.act(act);
      },
    },
    ready,
    parting,
    forget: wires.forget,
    close: async () => {
      await parting();
      await wires.close();
    },
  };
}
