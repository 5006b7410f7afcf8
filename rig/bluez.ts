import dbus from 'dbus-next';
import { dropLateAnswers } from './bus-answers.ts';
import type { ByteLink } from '../contract/link.ts';
import { fixed, gattOf, type GattShape } from './bluez-gatt.ts';
import { refusal, type Served, served, type Tree, tree } from './bus-object.ts';

/** A peripheral as its adapter hears it. */
export interface Peripheral extends GattShape {
  readonly address: string;
  readonly name: string;
  /** It talks to whom it is bonded with only. */
  readonly bonds?: boolean;
  /** Gets the near end of each connection. */
  readonly serve: (link: ByteLink) => void;
}

/** Bluetooth adapters of nobody's, with one peripheral in reach of each. */
export interface SimulatedRadio {
  /** The peripheral ends the connection, as when it leaves or loses its power. */
  dropConnection(): void;
  /** An adapter is switched on or off; the first one where none is named. */
  power(on: boolean, adapter?: string): void;
  /** Of the notifications to come, so many arrive, and then so many never do. */
  lose(arriving: number, lost: number): void;
  /** The adapters by which the peripheral is connected now. */
  connectedBy(): readonly string[];
  close(): Promise<void>;
}

/** The peripheral's own object as one adapter has it, and its connection. */
function device(objects: Tree, adapterPath: string, peripheral: Peripheral, isOn: () => boolean, isLost: () => boolean) {
  const at = `${adapterPath}/dev_${peripheral.address.replaceAll(':', '_')}`;
  const { serve, name, address, uuids } = peripheral;
  let gatt: ReturnType<typeof gattOf> | null = null;
  let isPaired = false;
  /** What a client knows of the lock stays after a connection, until the lock is forgotten. */
  let old: ReturnType<typeof gattOf>['objects'] = [];
  const drop = (): void => {
    if (!gatt) return;
    const was = gatt;
    gatt = null;
    own.changed('Connected', 'ServicesResolved');
    was.line.end();
  };
  const connect = (): void => {
    if (!isOn()) throw refusal('NotReady', 'Resource Not Ready');
    if (gatt) return;
    for (const [path] of old) objects.remove(path);
    gatt = gattOf(at, peripheral, drop, isLost, () => isPaired || !peripheral.bonds);
    old = gatt.objects;
    for (const [path, one] of old) objects.add(path, one);
    serve(gatt.line.link);
    own.changed('Connected', 'ServicesResolved');
  };
  const own: Served = served('org.bluez.Device1', {
    properties: {
      Address: fixed('s', address),
      AddressType: fixed('s', 'public'),
      Name: fixed('s', name),
      Alias: fixed('s', name),
      Adapter: fixed('o', adapterPath),
      UUIDs: fixed('as', [uuids.service]),
      RSSI: fixed('n', -40),
      Paired: { signature: 'b', value: () => isPaired },
      Bonded: { signature: 'b', value: () => isPaired },
      Trusted: fixed('b', false),
      Blocked: fixed('b', false),
      Connected: { signature: 'b', value: () => gatt !== null },
      ServicesResolved: { signature: 'b', value: () => gatt !== null },
    },
    methods: {
      Connect: { does: connect },
      Disconnect: { does: drop },
      Pair: {
        does: () => {
          if (isPaired) throw refusal('AlreadyExists', 'Already Exists');
          connect();
          if (!peripheral.bonds) throw refusal('AuthenticationFailed', 'Authentication Failed');
          isPaired = true;
          own.changed('Paired', 'Bonded');
        },
      },
    },
  });
  const forget = (): void => {
    drop();
    isPaired = false;
    for (const [path] of old) objects.remove(path);
    old = [];
  };
  return { at, own, drop, forget, isPaired: () => isPaired, isConnected: () => gatt !== null };
}

/** An adapter, off or on; the peripheral appears with its first discovery. */
function adapterOn(objects: Tree, name: string, address: string, peripheral: Peripheral, isLost: () => boolean) {
  const path = `/org/bluez/${name}`;
  let powered = true;
  let discovering = false;
  let isFound = false;
  const near = device(objects, path, peripheral, () => powered, isLost);
  const adapter: Served = served('org.bluez.Adapter1', {
    properties: {
      Address: fixed('s', address),
      AddressType: fixed('s', 'public'),
      Name: fixed('s', 'simulated'),
      Alias: fixed('s', 'simulated'),
      Powered: { signature: 'b', value: () => powered, set: (on) => power(on === true) },
      Discovering: { signature: 'b', value: () => discovering },
      UUIDs: fixed('as', []),
    },
    methods: {
      SetDiscoveryFilter: { takes: 'a{sv}', does: () => undefined },
      StartDiscovery: {
        does: () => {
          if (!powered) throw refusal('NotReady', 'Resource Not Ready');
          if (discovering) throw refusal('InProgress', 'Operation already in progress');
          discovering = true;
          if (!isFound) objects.add(near.at, near.own);
          isFound = true;
          adapter.changed('Discovering');
        },
      },
      StopDiscovery: {
        does: () => {
          if (!discovering) throw refusal('Failed', 'No discovery started');
          discovering = false;
          adapter.changed('Discovering');
        },
      },
      RemoveDevice: {
        takes: 'o',
        does: () => {
          if (!isFound) throw refusal('DoesNotExist', 'Does Not Exist');
          forget();
        },
      },
    },
  });
  const forget = (): void => {
    near.forget();
    objects.remove(near.at);
    isFound = false;
  };
  const power = (on: boolean): void => {
    powered = on;
    discovering = discovering && on;
    if (!on) near.drop();
    // Whom it is not bonded with an adapter forgets when it is switched off.
    if (!on && isFound && !near.isPaired()) forget();
    adapter.changed('Powered', 'Discovering');
  };
  objects.add(path, adapter);
  return { name, power, drop: near.drop, isConnected: near.isConnected };
}

/** Addresses for documentation (RFC 9542), one an adapter. */
const addressOf = (no: number): string => `00:00:5E:00:53:0${String(no + 1)}`;

/**
 * A service on a bus that behaves towards its clients as BlueZ does: up to nine adapters, and one peripheral in reach of all.
 * For simulated locks and tests.
 */
export async function simulatedRadio(
  busAddress: string,
  peripheral: Peripheral,
  names: readonly string[] = ['hci0'],
): Promise<SimulatedRadio> {
  const bus = dbus.sessionBus({ busAddress });
  dropLateAnswers(bus);
  await bus.requestName('org.bluez', 0);
  const objects = tree(bus);
  const quiet = { takes: 'os', does: () => undefined };
  objects.add(
    '/org/bluez',
    served('org.bluez.AgentManager1', {
      methods: { RegisterAgent: quiet, UnregisterAgent: { ...quiet, takes: 'o' }, RequestDefaultAgent: { ...quiet, takes: 'o' } },
    }),
  );
  let [arriving, lost] = [0, 0];
  const isLost = (): boolean => {
    if (arriving > 0) arriving -= 1;
    else if (lost > 0) {
      lost -= 1;
      return true;
    }
    return false;
  };
  const adapters = names.map((name, no) => adapterOn(objects, name, addressOf(no), peripheral, isLost));
  const drop = (): void => adapters.forEach((one) => one.drop());
  return {
    dropConnection: drop,
    power: (on, adapter = names[0]) => adapters.find(({ name }) => name === adapter)?.power(on),
    lose: (first, then) => {
      [arriving, lost] = [first, then];
    },
    connectedBy: () => adapters.filter((one) => one.isConnected()).map(({ name }) => name),
    close: async () => {
      drop();
      bus.disconnect();
    },
  };
}
