import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import { hex, plainCore } from '../device/device.fixture.ts';
import { deviceFace } from '../device/face.ts';
import { gattLine, lockUuids } from '../device/gatt.ts';
import { keyPair } from '../device/noise.ts';
import { deviceWires } from '../device/wires.ts';
import type { GattLink } from '../contract/link.ts';
import { blePeer } from '../rig/ble.ts';
import { type Peripheral, type SimulatedRadio, simulatedRadio } from '../rig/bluez.ts';
import { privateBus } from '../rig/bus.ts';
import { realClock } from '../rig/clock.ts';
import { test as plain } from './run.fixture.ts';

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
  if (bus.kind === 'missing') return `skipped, because there is no D-Bus here: ${bus.why}`;
  const core = plainCore(hex(keyPair(ownerSecret).open));
  const serve = deviceFace({ core, key: lock, clock: realClock(), bytes: randomBytes });
  const peripheral: Peripheral = { address, name: 'bench lock', uuids: lockUuids, valueBytes: 40, serve };
  const radio = await simulatedRadio(bus.address, peripheral);
  onCleanup(async () => {
    await radio.close();
    await bus.close();
  });
  return { bus: bus.address, radio, core, closeBus: bus.close };
});

const peerOf = (bus: string, adapter = 'hci0', at = address) => blePeer({ bus, adapter, address: at });
const wiresOf = (bus: string) =>
  deviceWires({
    line: gattLine(peerOf(bus)),
    clock: realClock(),
    bytes: randomBytes,
    lockKey: lock.open,
    ownerSecret,
    answerMs: 2_000,
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
