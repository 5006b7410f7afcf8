import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import { hex, plainCore } from '../device/device.fixture.ts';
import { deviceFace } from '../device/face.ts';
import { gattLine, lockUuids } from '../device/gatt.ts';
import { keyPair } from '../device/noise.ts';
import { deviceWires } from '../device/wires.ts';
import type { GattLink } from '../contract/link.ts';
import { adapterTrouble, blePeer } from '../rig/ble.ts';
import type { Peripheral } from '../rig/bluez-device.ts';
import { type SimulatedRadio, simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { realClock } from '../rig/clock.ts';
import { targetDevice } from './device.ts';
import { test as plain } from './run.fixture.ts';
import { quickDeclaration } from './served.fixture.ts';
import { lineLost } from './wires.ts';

const right = { on: 'device', do: 'connect', as: 'owner', offer: 'right' } as const;
const table = { on: 'device', do: 'ask', as: 'owner', ask: 'table', sent: 'well' } as const;
const address = '00:00:5E:00:53:AA';
const ownerSecret = new Uint8Array(32).fill(3);
const lock = keyPair(new Uint8Array(32).fill(5));
const long = (): AbortSignal => {
  const end = new AbortController();
  void realClock()
    .sleep(10_000)
    .then(() => end.abort());
  return end.signal;
};

interface Air {
  readonly bus: string;
  readonly radio: SimulatedRadio;
  readonly core: ReturnType<typeof plainCore>;
  closeBus(): Promise<void>;
}

/** A bus, and on it an adapter with a lock in reach; or why there is none. */
const test = plain.extend('air', async ({}, { onCleanup }): Promise<Air | string> => {
  const bus = await privateBus();
  if (bus.kind === 'missing') return `there is no D-Bus here: ${bus.why}`;
  const core = plainCore(hex(keyPair(ownerSecret).open));
  const serve = deviceFace({ core, key: lock, clock: realClock(), bytes: randomBytes });
  const peripheral: Peripheral = { address, name: 'bench lock', uuids: lockUuids, valueBytes: 40, serve };
  const radio = await simulatedRadio(bus.address, peripheral, ['hci0', 'hci1']);
  onCleanup(async () => {
    await radio.close();
    await bus.close();
  });
  return { bus: bus.address, radio, core, closeBus: bus.close };
});

const peerOf = (bus: string, adapter: string | null = 'hci0', at = address) => blePeer({ bus, adapter, address: at });
const answerMs = 2_000;
const wiresOf = (bus: string, adapter: string | null = 'hci0') =>
  deviceWires({
    line: gattLine(peerOf(bus, adapter)),
    clock: realClock(),
    bytes: randomBytes,
    lockKey: lock.open,
    ownerSecret,
    answerMs,
    boltMs: 40,
  });

describe('a lock over BLE', { timeout: 60_000 }, () => {
  test('is found, connected to, and answers in pieces of what a value carries', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const wires = wiresOf(air.bus);
    expect(await wires.act({ on: 'device', do: 'connect', as: 'owner', offer: 'right' })).toMatchObject({ said: 'done' });
    for (const sent of ['well', 'split', 'glued'] as const)
      expect(await wires.act({ on: 'device', do: 'ask', as: 'owner', ask: 'table', sent })).toMatchObject({ slots: [1, 4] });
    await wires.close();
  });

  test('whose connection is lost in the middle is connected to again, and its session goes on', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const wires = wiresOf(air.bus);
    await wires.act({ on: 'device', do: 'connect', as: 'owner', offer: 'right' });
    air.radio.dropConnection();
    await realClock().sleep(100);
    expect(await wires.act({ on: 'device', do: 'ask', as: 'owner', ask: 'status', sent: 'well' })).toMatchObject({
      said: 'done',
    });
    await wires.close();
  });

  test('adapter off, no such adapter, no such device and no bus are told apart, in time', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    expect(await peerOf(air.bus, 'hci7').open(long())).toEqual({ kind: 'trouble', trouble: 'missing' });
    const short = new AbortController();
    const nobody = peerOf(air.bus, 'hci0', '00:00:5E:00:53:BB').open(short.signal);
    await realClock().sleep(300);
    short.abort();
    expect(await nobody).toEqual({ kind: 'trouble', trouble: 'late' });
    air.radio.power(false);
    expect(await peerOf(air.bus).open(long())).toEqual({ kind: 'trouble', trouble: 'off' });
    expect(await peerOf('unix:path=/nowhere/at/all').open(long())).toEqual({ kind: 'trouble', trouble: 'off' });
  });

  test('a bus that goes away ends the connection, and nothing waits for it', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const link = await peerOf(air.bus).open(long());
    if (link.kind === 'trouble') throw new Error(link.trouble);
    const open: GattLink = link;
    const ended = new Promise((resolve) => open.ended(resolve));
    await air.closeBus();
    expect(await ended).toBe('off');
    expect(await open.write(lockUuids.to, Buffer.from('x'), long())).toEqual({ kind: 'trouble', trouble: 'unplugged' });
    await open.close();
  });
});

describe('notifications that get lost', { timeout: 60_000 }, () => {
  const losses = [
    ['all of an answer: the lock was silent', 0, 99, ''],
    ['the first piece of an answer: the line lost it', 0, 1, 'garbled'],
    ['the last piece of an answer: the line lost it', 1, 1, 'garbled'],
  ] as const;
  for (const [what, arriving, lost, code] of losses)
    test(`${what}; told in time, and a new session goes on`, async ({ expect, air, skip }) => {
      if (typeof air === 'string') return skip(air);
      const clock = realClock();
      const wires = wiresOf(air.bus);
      expect(await wires.act(right)).toMatchObject({ said: 'done' });
      for (const act of [table, right]) {
        air.radio.lose(arriving, lost);
        const sinceMs = clock.nowMs();
        const sight = await wires.act(act);
        expect(sight).toMatchObject({ said: 'nothing', code, answers: 0 });
        expect(clock.nowMs() - sinceMs).toBeLessThan(answerMs + 1_000);
        expect(lineLost(act, sight)).toBe(
          code === '' ? null : 'the line to the lock itself: a part of the answer got lost on it',
        );
        air.radio.lose(0, 0);
        expect(await wires.act(right)).toMatchObject({ said: 'done', answers: 1 });
        expect(await wires.act(table)).toMatchObject({ said: 'done', slots: [1, 4] });
      }
      await wires.close();
    });

  test('in the middle of an answer of many pieces, and what was cut spoils nothing after it', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const wires = wiresOf(air.bus);
    expect(await wires.act(right)).toMatchObject({ said: 'done' });
    // In the same session too: its numbers may have gaps.
    for (let piece = 0; piece < 2; piece++) {
      air.radio.lose(piece, 1);
      expect(await wires.act(table)).toMatchObject({ said: 'nothing', code: 'garbled' });
      expect(await wires.act(table)).toMatchObject({ said: 'done', slots: [1, 4] });
    }
    await wires.close();
  });
});

describe('two adapters on one bus', { timeout: 60_000 }, () => {
  test('the one that is named is used; without a name the first that is on', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const used = async (adapter: string | null): Promise<readonly string[] | string> => {
      const link = await peerOf(air.bus, adapter).open(long());
      if (link.kind === 'trouble') return link.trouble;
      const by = air.radio.connectedBy();
      await link.close();
      return by;
    };
    expect(await used('hci1')).toEqual(['hci1']);
    expect(await used('hci0')).toEqual(['hci0']);
    expect(await used(null)).toEqual(['hci0']);
    air.radio.power(false, 'hci0');
    expect(await used(null)).toEqual(['hci1']);
    // Never another one than that which is named.
    expect(await used('hci0')).toBe('off');
    air.radio.power(false, 'hci1');
    expect(await used(null)).toBe('off');
    expect(await used('hci7')).toBe('missing');
  });

  test('whole sessions go by the second, in the pieces that it carries', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const wires = wiresOf(air.bus, 'hci1');
    expect(await wires.act(right)).toMatchObject({ said: 'done' });
    expect(await wires.act(table)).toMatchObject({ said: 'done', slots: [1, 4] });
    expect(air.radio.connectedBy()).toEqual(['hci1']);
    await wires.close();
  });

  plain('one that bonds talks to whom it is bonded with, once and for all, and to nobody else', async ({ expect, skip }) => {
    const bus = await privateBus();
    if (bus.kind === 'missing') return skip(`there is no D-Bus here: ${bus.why}`);
    const core = plainCore(hex(keyPair(ownerSecret).open));
    const serve = deviceFace({ core, key: lock, clock: realClock(), bytes: randomBytes });
    const peripheral: Peripheral = { address, name: 'bench lock', uuids: lockUuids, valueBytes: 40, serve, bonds: true };
    const radio = await simulatedRadio(bus.address, peripheral);
    const keys = { address, bus: bus.address, lockKey: hex(lock.open), ownerKey: hex(ownerSecret) };
    const whose = {
      vendor: { id: 'reference', routes: [], twin: null },
      declaration: quickDeclaration(),
      symbolOf: () => 'other',
    };
    const ready = async (bonding?: 'just-works'): Promise<string | null> => {
      const device = targetDevice({ ...keys, ...(bonding && { bonding }) }, whose, realClock());
      const why = await device.ready();
      await device.close();
      return why;
    };
    try {
      expect(await ready()).toContain('permission');
      expect(await ready('just-works')).toBeNull();
      // The bond is the adapter's.
      expect(await ready('just-works')).toBeNull();
      expect(await ready()).toBeNull();
    } finally {
      await radio.close();
      await bus.close();
    }
  });

  test('one that is missing or off is told with those that are there', async ({ expect, air, skip }) => {
    if (typeof air === 'string') return skip(air);
    const why = (adapter: string | null, bus = air.bus) => adapterTrouble({ address, adapter, bus }, realClock());
    expect(await why('hci1')).toBeNull();
    expect(await why(null)).toBeNull();
    expect(await why('hci7')).toBe('the adapter hci7 is not here; there are hci0, hci1');
    air.radio.power(false, 'hci1');
    expect(await why('hci1')).toBe('the adapter hci1 is off; there are hci0, hci1 (off)');
    air.radio.power(false, 'hci0');
    expect(await why(null)).toBe('no Bluetooth adapter is on; there are hci0 (off), hci1 (off)');
    expect(await why('hci0', 'unix:path=/nowhere/at/all')).toBe('no Bluetooth service answers on the D-Bus here');
    const place = { address, adapter: 'hci7', bus: air.bus, lockKey: hex(lock.open), ownerKey: hex(ownerSecret) };
    const vendor = { id: 'reference', routes: [], twin: null };
    const device = targetDevice(place, { vendor, declaration: quickDeclaration(), symbolOf: () => 'other' }, realClock());
    expect(await device.ready()).toBe('the adapter hci7 is not here; there are hci0 (off), hci1 (off)');
    await device.close();
  });
});
