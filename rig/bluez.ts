import dbus from 'dbus-next';
import { dropLateAnswers } from './bus-answers.ts';
import type { Person } from './bluez-agent.ts';
import { agentsOn } from './bluez-agents.ts';
import { device, type DeviceParts, type Peripheral } from './bluez-device.ts';
import { fixed } from './bluez-gatt.ts';
import { refusal, type Served, served, tree } from './bus-object.ts';

/** Bluetooth adapters of nobody's, with one peripheral in reach of each. */
export interface SimulatedRadio {
  /** The peripheral ends the connection, as when it leaves or loses its power. */
  dropConnection(): void;
  /** An adapter is switched on or off; the first one where none is named. */
  power(on: boolean, adapter?: string): void;
  /** Of the notifications to come, so many arrive, and then so many never do. */
  lose(arriving: number, lost: number): void;
  /** Who is asked at the peripheral when somebody pairs with it; null: nobody is there. */
  stands(next: Person | null): void;
  /** The peripheral forgets every bond. */
  forget(): void;
  /** It ends and begins again, as a service that is restarted, and takes no longer ATT MTU than this. */
  restart(mostMtu: number): Promise<void>;
  /** The adapters by which the peripheral is connected now. */
  connectedBy(): readonly string[];
  close(): Promise<void>;
}

/** An adapter, off or on; the peripheral appears with its first discovery. */
function adapterOn(name: string, address: string, parts: Omit<DeviceParts, 'isOn'>) {
  const { objects } = parts;
  const path = `/org/bluez/${name}`;
  let powered = true;
  let discovering = false;
  let isFound = false;
  const near = device(path, { ...parts, isOn: () => powered });
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
    if (!on && isFound && !near.isBonded()) forget();
    adapter.changed('Powered', 'Discovering');
  };
  /** As it comes to itself again: on, and with those whom it is bonded with. */
  const renew = (): void => {
    power(false);
    power(true);
    near.forgetParts();
  };
  objects.add(path, adapter);
  return { ...near, name, power, renew };
}

const service = 'org.bluez';
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
  await bus.requestName(service, 0);
  const objects = tree(bus);
  const agents = agentsOn(bus);
  objects.add('/org/bluez', agents.manager);
  let person: Person | null = null;
  const usualMtu = peripheral.mtu ?? peripheral.valueBytes + 3;
  let mtu = usualMtu;
  let [arriving, lost] = [0, 0];
  const isLost = (): boolean => {
    if (arriving > 0) arriving -= 1;
    else if (lost > 0) {
      lost -= 1;
      return true;
    }
    return false;
  };
  const parts = { objects, agents, peripheral, isLost, atPeripheral: () => person, mtu: () => mtu };
  const adapters = names.map((name, no) => adapterOn(name, addressOf(no), parts));
  const drop = (): void => adapters.forEach((one) => one.drop());
  return {
    dropConnection: drop,
    power: (on, adapter = names[0]) => adapters.find(({ name }) => name === adapter)?.power(on),
    lose: (first, then) => {
      [arriving, lost] = [first, then];
    },
    stands: (next) => void (person = next),
    forget: () => adapters.forEach((one) => one.forgetThere()),
    restart: async (mostMtu) => {
      drop();
      await bus.releaseName(service);
      agents.forget();
      adapters.forEach((one) => one.renew());
      mtu = Math.min(usualMtu, mostMtu);
      await bus.requestName(service, 0);
    },
    connectedBy: () => adapters.filter((one) => one.isConnected()).map(({ name }) => name),
    close: async () => {
      drop();
      bus.disconnect();
    },
  };
}
