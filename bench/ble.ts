import { createBluetooth } from 'node-ble';
import { lockUuids } from '../device/gatt.ts';
import { blePeer } from '../rig/ble.ts';
import { onBoard, type OnPty } from './board.ts';

const address = '00:00:5E:00:53:AA';
const warmUps = 100;
/** As long as a sealed request is. */
const value = Buffer.alloc(48, 7);
const { signal } = new AbortController();

/** Times `acts` writes, each answered by a notification. */
async function measured(
  acts: number,
  write: () => Promise<unknown>,
  heard: (to: () => void) => void,
): Promise<{ readonly us: number }> {
  let told = (): void => undefined;
  heard(() => told());
  const go = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const notified = new Promise<void>((resolve) => (told = resolve));
      await write();
      await notified;
    }
  };
  await go(warmUps);
  const began = performance.now();
  await go(acts);
  return { us: ((performance.now() - began) * 1000) / acts };
}

async function ours(bus: string, acts: number): Promise<{ readonly us: number }> {
  const link = await blePeer({ bus, adapter: 'hci0', address }).open(signal);
  if (link.kind === 'trouble') throw new Error(link.trouble);
  let heard = (): void => undefined;
  await link.listen(lockUuids.from, () => heard(), signal);
  const result = await measured(
    acts,
    () => link.write(lockUuids.to, value, signal),
    (to) => (heard = to),
  );
  await link.close();
  return result;
}

async function bare(bus: string, acts: number): Promise<{ readonly us: number }> {
  process.env['DBUS_SYSTEM_BUS_ADDRESS'] = bus;
  const { bluetooth, destroy } = createBluetooth();
  const adapter = await bluetooth.getAdapter('hci0');
  await adapter.startDiscovery();
  const device = await adapter.waitDevice(address, 5_000, 50);
  await adapter.stopDiscovery();
  await device.connect();
  const service = await (await device.gatt()).getPrimaryService(lockUuids.service);
  const [to, from] = [await service.getCharacteristic(lockUuids.to), await service.getCharacteristic(lockUuids.from)];
  await from.startNotifications();
  const result = await measured(
    acts,
    () => to.writeValueWithResponse(value),
    (told) => from.on('valuechanged', told),
  );
  await device.disconnect();
  destroy();
  return result;
}

/** Microseconds from a write to its notification, in pairs. */
export const ble = (amount: { readonly pairs: number; readonly acts: number }): Promise<OnPty> =>
  onBoard('ble-board.ts', amount, ours, bare);
