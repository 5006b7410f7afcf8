import dbus from 'dbus-next';
import type { ByteLink } from '../contract/link.ts';
import { agentOn, type Person } from './bluez-agent.ts';
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
  /** It forgets every bond. */
  forget(): Promise<void>;
  /** Who is asked when somebody pairs with it. */
  stands(person: Person | null): Promise<void>;
  /** It is there again, after its bluetoothd has begun again. */
  again(): Promise<void>;
  close(): Promise<void>;
}

const own = '/lockproof';
/** Its bluetoothd cuts what is longer than a connection carries. */
const mostMtu = 517;

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
  const callers = async (): Promise<readonly string[]> =>
    [...(await client.objects()).keys()].filter((path) => path.startsWith(`${at}/dev_`) && !path.includes('/service'));
  const drop = async (): Promise<void> => {
    for (const path of await callers()) await client.ask(path, 'Device1', 'Disconnect');
  };
  const gatt = gattOf(own, shape, {
    drop: () => void drop(),
    isLost: () => false,
    gate: () => undefined,
    isOwn: true,
    mtu: mostMtu,
  });
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
  const call = (destination: string, path: string, face: string, member: string, ...body: readonly unknown[]): Promise<unknown> =>
    bus.call(
      new dbus.Message({
        destination,
        path,
        interface: face,
        member,
        signature: body.length > 0 ? 'oa{sv}' : '',
        body: [...body],
      }),
    );
  const again = async (): Promise<void> => {
    await call('org.bluez', at, 'org.bluez.GattManager1', 'RegisterApplication', '/', {});
    await call('org.bluez', at, 'org.bluez.LEAdvertisingManager1', 'RegisterAdvertisement', `${own}/ad`, {});
  };
  // Its objects are asked for while it registers: this bus has to have its name by then, which an answer shows.
  await call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetId');
  await again();
  const agent = agentOn(bus, (path, one) => objects.add(path, one));
  const address = await client.property(at, 'Adapter1', 'Address');
  return {
    address: typeof address === 'string' ? address : '',
    drop,
    forget: async () => {
      for (const path of await callers()) await client.ask(at, 'Adapter1', 'RemoveDevice', ['o', path]);
    },
    stands: (person) => agent(person, true),
    again,
    close: async () => {
      client.close();
      bus.disconnect();
    },
  };
}
