import type { DeviceCore, DeviceRequest } from '../contract/device.ts';
import type { DeviceAct, WireSight } from '../contract/wire.ts';
import { virtualClock } from '../simulators/clock.ts';
import { deviceFace } from './face.ts';
import { keyPair } from './noise.ts';
import { pipe } from './pipe.ts';
import { deviceWires } from './wires.ts';
import type { LinkWires } from '../contract/wire.ts';

/** An act without its place, which is always the device. */
type Bare<A = DeviceAct> = A extends DeviceAct ? Omit<A, 'on'> : never;
type Sight = Extract<WireSight, { on: 'device' }>;

/** Bytes that count up: as good as any for a test, and the same each time. */
function counting(): (count: number) => Uint8Array {
  let at = 0;
  return (count) => Uint8Array.from({ length: count }, () => (at = (at * 31 + 7) % 251));
}

/** A core that remembers who has which key, and does nothing at all. */
export function plainCore(owner: string): DeviceCore & { readonly asked: DeviceRequest[] } {
  const keys = new Map([[owner, 'owner' as const]]);
  const byKey = new Map<number, string>();
  const asked: DeviceRequest[] = [];
  let session = 100;
  return {
    asked,
    awake: () => true,
    offered: ({ version, suite }) => (version !== 1 ? 'version' : suite !== 1 ? 'suite' : null),
    random: (fresh) => fresh,
    admit: (key) => {
      const role = keys.get(key);
      if (!role) return 'key';
      byKey.set(++session, key);
      return { session, role };
    },
    takes: (_, frame) => frame.sealed && frame.authentic && frame.seq > frame.newest,
    isOver: (id) => !keys.has(byKey.get(id) ?? ''),
    hears: () => true,
    perform: async (id, request) => {
      asked.push(request);
      if (request.verb === 'add-key') keys.set(request.key, 'owner');
      if (request.verb === 'remove-key') keys.delete(request.key);
      if (request.verb === 'rotate') {
        keys.delete(byKey.get(id) ?? '');
        keys.set(request.key, 'owner');
      }
      if (request.verb === 'status')
        return {
          kind: 'status',
          status: { bolt: 'locked', batteryPercent: 90, deviceMs: 5, clockKnown: true, firmware: '1.0' },
        };
      if (request.verb === 'log')
        return { kind: 'log', records: [{ seq: 8, deviceMs: 1_780_272_000_000, verb: 'lock.unlocked', method: 'pin', slot: 4 }] };
      return request.verb === 'table' ? { kind: 'table', slots: [1, 4] } : { kind: 'done' };
    },
  };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A caller and a lock on one line, in virtual time. */
export async function talk<T>(
  main: (
    wires: { act(act: Bare): Promise<Sight>; next(): LinkWires } & Pick<LinkWires, 'restore'>,
    core: ReturnType<typeof plainCore>,
  ) => Promise<T>,
): Promise<T> {
  const virtual = virtualClock({ startMs: 0, limitMs: 10_000_000 });
  const owner = new Uint8Array(32).fill(3);
  const lock = keyPair(new Uint8Array(32).fill(5));
  const core = plainCore(hex(keyPair(owner).open));
  const line = pipe(deviceFace({ core, key: lock, clock: virtual.clock, bytes: counting() }));
  const parts = { line, clock: virtual.clock, bytes: counting(), lockKey: lock.open, answerMs: 2_000, boltMs: 500 };
  const wires = deviceWires({ ...parts, ownerSecret: owner });
  // A run after one that died: it knows the owner's key, and nothing of what was done.
  const next = () => deviceWires({ ...parts, ownerSecret: owner });
  const act = async (what: Bare): Promise<Sight> => {
    const sight = await wires.act({ on: 'device', ...what });
    if (sight.on !== 'device') throw new Error('not of the device');
    return sight;
  };
  return virtual.run(() => main({ act, restore: wires.restore, next }, core));
}
