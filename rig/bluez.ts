import dbus from 'dbus-next';
import type { ByteLink } from '../contract/link.ts';
import { refusal, type Served, served, type Tree, tree } from './bus-object.ts';

/** A peripheral as its adapter hears it. */
export interface Peripheral {
  readonly address: string;
  readonly name: string;
  /** The GATT service, and the characteristics that bytes go to and come from. */
  readonly uuids: { readonly service: string; readonly to: string; readonly from: string };
  /** The longest value of a write or a notification, bytes: the ATT MTU less 3. */
  readonly valueBytes: number;
  /** Gets the near end of each connection. */
  readonly serve: (link: ByteLink) => void;
}

/** A Bluetooth adapter of nobody's, with one peripheral in reach. */
export interface SimulatedRadio {
  /** The peripheral ends the connection, as when it leaves or loses its power. */
  dropConnection(): void;
  /** The adapter is switched on or off. */
  power(on: boolean): void;
  close(): Promise<void>;
}

const adapterPath = '/org/bluez/hci0';
const adapterAddress = '00:00:5E:00:53:01';
/** Longer values are refused by BlueZ. */
const maxValueBytes = 512;

const fixed = (signature: string, value: unknown) => ({ signature, value: () => value });

/** A connection as the lock sees it: bytes in the order of writes and of notifications. */
function connection(valueBytes: number, notify: (value: Buffer) => void, isNotifying: () => boolean, drop: () => void) {
  let heardBy: ((bytes: Uint8Array) => void) | null = null;
  let endedBy: ((why: 'unplugged') => void) | null = null;
  let isOver = false;
  const link: ByteLink = {
    kind: 'open',
    write: async (bytes) => {
      if (isOver) return { kind: 'trouble', trouble: 'unplugged' };
      for (let at = 0; at < bytes.length; at += valueBytes)
        if (isNotifying()) notify(Buffer.from(bytes.subarray(at, at + valueBytes)));
      return null;
    },
    listen: (heard, ended) => {
      heardBy = heard;
      endedBy = ended;
    },
    close: async () => drop(),
  };
  return {
    link,
    heard: (bytes: Uint8Array) => heardBy?.(bytes),
    end: () => {
      isOver = true;
      heardBy = null;
      endedBy?.('unplugged');
    },
  };
}

/** The GATT objects of a connected peripheral. */
function gattOf(at: string, peripheral: Peripheral, drop: () => void) {
  const { uuids, valueBytes } = peripheral;
  let notifying = false;
  let value: Buffer = Buffer.alloc(0);
  const line = connection(
    valueBytes,
    (next) => {
      value = next;
      from.changed('Value');
    },
    () => notifying,
    drop,
  );
  const service = `${at}/service0010`;
  const common = (uuid: string, flags: readonly string[]) => ({
    UUID: fixed('s', uuid),
    Service: fixed('o', service),
    Flags: fixed('as', flags),
    MTU: fixed('q', valueBytes + 3),
  });
  const to = served('org.bluez.GattCharacteristic1', {
    properties: { ...common(uuids.to, ['write']), Value: fixed('ay', Buffer.alloc(0)), Notifying: fixed('b', false) },
    methods: {
      WriteValue: {
        takes: 'aya{sv}',
        does: (bytes) => {
          const written = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
          if (written.length > maxValueBytes) throw refusal('InvalidValueLength', 'Invalid Length');
          line.heard(written);
        },
      },
    },
  });
  const from: Served = served('org.bluez.GattCharacteristic1', {
    properties: {
      ...common(uuids.from, ['notify']),
      Value: { signature: 'ay', value: () => value },
      Notifying: { signature: 'b', value: () => notifying },
    },
    methods: {
      StartNotify: {
        does: () => {
          notifying = true;
          from.changed('Notifying');
        },
      },
      StopNotify: {
        does: () => {
          notifying = false;
          from.changed('Notifying');
        },
      },
    },
  });
  const objects: readonly (readonly [string, Served])[] = [
    [
      service,
      served('org.bluez.GattService1', {
        properties: { UUID: fixed('s', uuids.service), Device: fixed('o', at), Primary: fixed('b', true) },
      }),
    ],
    [`${service}/char0011`, to],
    [`${service}/char0013`, from],
  ];
  return { line, objects };
}

/** The peripheral's own object, and its connection. */
function device(objects: Tree, peripheral: Peripheral, isOn: () => boolean) {
  const at = `${adapterPath}/dev_${peripheral.address.replaceAll(':', '_')}`;
  const { serve, name, address, uuids } = peripheral;
  let gatt: ReturnType<typeof gattOf> | null = null;
  const drop = (): void => {
    if (!gatt) return;
    const was = gatt;
    gatt = null;
    for (const [path] of was.objects) objects.remove(path);
    own.changed('Connected', 'ServicesResolved');
    was.line.end();
  };
  const connect = (): void => {
    if (!isOn()) throw refusal('NotReady', 'Resource Not Ready');
    if (gatt) return;
    gatt = gattOf(at, peripheral, drop);
    for (const [path, one] of gatt.objects) objects.add(path, one);
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
      Paired: fixed('b', false),
      Trusted: fixed('b', false),
      Blocked: fixed('b', false),
      Connected: { signature: 'b', value: () => gatt !== null },
      ServicesResolved: { signature: 'b', value: () => gatt !== null },
    },
    methods: { Connect: { does: connect }, Disconnect: { does: drop } },
  });
  return { at, own, drop };
}

/**
 * A service on a bus that behaves towards its clients as BlueZ does: one adapter, hci0, and one peripheral, which appears
 * with the first discovery. For simulated locks and tests.
 */
export async function simulatedRadio(busAddress: string, peripheral: Peripheral): Promise<SimulatedRadio> {
  const bus = dbus.sessionBus({ busAddress });
  await bus.requestName('org.bluez', 0);
  const objects = tree(bus);
  let powered = true;
  let discovering = false;
  let isFound = false;
  const near = device(objects, peripheral, () => powered);
  const adapter: Served = served('org.bluez.Adapter1', {
    properties: {
      Address: fixed('s', adapterAddress),
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
          near.drop();
          objects.remove(near.at);
          isFound = false;
        },
      },
    },
  });
  const power = (on: boolean): void => {
    powered = on;
    if (!on) near.drop();
    adapter.changed('Powered');
  };
  const quiet = { takes: 'os', does: () => undefined };
  objects.add(
    '/org/bluez',
    served('org.bluez.AgentManager1', {
      methods: { RegisterAgent: quiet, UnregisterAgent: { ...quiet, takes: 'o' }, RequestDefaultAgent: { ...quiet, takes: 'o' } },
    }),
  );
  objects.add(adapterPath, adapter);
  return {
    dropConnection: near.drop,
    power,
    close: async () => {
      near.drop();
      bus.disconnect();
    },
  };
}
