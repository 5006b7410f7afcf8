import dbus from 'dbus-next';
import type { ByteLink } from '../contract/link.ts';
import { bluezClient } from './bluez-client.ts';
import { fixed, gattOf, type GattShape } from './bluez-gatt.ts';
import { dropLateAnswers } from './bus-answers.ts';
import { served, tree } from './bus-object.ts';

/** A lock on a real bluetoothd: its GATT application, and the advertisement that makes it heard. */
export interface RealPeripheral {
  /** The address of its adapter, by which others hear it. */
  readonly address: string;
  /** It ends every connection to it. */
  drop(): Promise<void>;
  close(): Promise<void>;
}

const own = '/lockproof';

/** Registers it at an adapter that is not its callers'. Throws where bluetoothd does not take it. */
export async function realPeripheral(
  busAddress: string,
  adapter: string,
  shape: GattShape & { readonly name: string; readonly serve: (link: ByteLink) => void },
): Promise<RealPeripheral> {
  const at = `/org/bluez/${adapter}`;
  const client = await bluezClient(busAddress);
  const bus = dbus.sessionBus({ busAddress });
  dropLateAnswers(bus);
  const objects = tree(bus);
  const drop = async (): Promise<void> => {
    for (const path of (await client.objects()).keys())
      if (path.startsWith(`${at}/dev_`) && !path.includes('/service')) await client.ask(path, 'Device1', 'Disconnect');
  };
  const gatt = gattOf(
    own,
    shape,
    () => void drop(),
    () => false,
    () => true,
  );
  for (const [path, one] of gatt.objects) objects.add(path, one);
  objects.add(
    `${own}/ad`,
    served('org.bluez.LEAdvertisement1', {
      properties: {
        Type: fixed('s', 'peripheral'),
        ServiceUUIDs: fixed('as', [shape.uuids.service]),
        LocalName: fixed('s', shape.name),
      },
      methods: { Release: { does: () => undefined } },
    }),
  );
  shape.serve(gatt.line.link);
  // Its objects are asked for while it registers: this bus has to have its name by then.
  const registrar = bus.getProxyObject('org.bluez', at);
  const call = async (face: string, method: string, path: string): Promise<void> => {
    const ask: unknown = Reflect.get((await registrar).getInterface(`org.bluez.${face}`), method);
    if (typeof ask === 'function') await Reflect.apply(ask, null, [path, {}]);
  };
  await call('GattManager1', 'RegisterApplication', '/');
  await call('LEAdvertisingManager1', 'RegisterAdvertisement', `${own}/ad`);
  const address = await client.property(at, 'Adapter1', 'Address');
  return {
    address: typeof address === 'string' ? address : '',
    drop,
    close: async () => {
      client.close();
      bus.disconnect();
    },
  };
}
