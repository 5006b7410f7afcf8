import type { ByteLink } from '../contract/link.ts';
import type { Person } from './bluez-agent.ts';
import type { Agents } from './bluez-agents.ts';
import { bondAt } from './bluez-bond.ts';
import { fixed, gattOf, type GattShape } from './bluez-gatt.ts';
import { type Method, type Property, refusal, type Served, served, type Tree } from './bus-object.ts';

/** A peripheral as its adapter hears it. */
export interface Peripheral extends GattShape {
  readonly address: string;
  readonly name: string;
  /** The longest ATT MTU that it takes; left out, 3 more than its longest value. */
  readonly mtu?: number;
  /** It talks to whom it is bonded with only, and bonds with whoever asks. */
  readonly bonds?: boolean;
  /** Gets the near end of each connection. */
  readonly serve: (link: ByteLink) => void;
}

/** What a peripheral's object has around it. */
export interface DeviceParts {
  readonly objects: Tree;
  readonly agents: Agents;
  readonly peripheral: Peripheral;
  readonly isOn: () => boolean;
  readonly isLost: () => boolean;
  /** Who is asked at the peripheral. */
  readonly atPeripheral: () => Person | null;
  /** The longest ATT MTU that both take. */
  readonly mtu: () => number;
}

/** A connection to it, one at a time, and what a client knows of it after one. */
function connectionOf(at: string, parts: DeviceParts, gate: Parameters<typeof gattOf>[2]['gate'], changed: () => void) {
  const { objects, peripheral, isLost, mtu } = parts;
  let gatt: ReturnType<typeof gattOf> | null = null;
  let known: ReturnType<typeof gattOf>['objects'] = [];
  const forget = (): void => {
    for (const [path] of known) objects.remove(path);
    known = [];
  };
  const drop = (): void => {
    if (!gatt) return;
    const was = gatt;
    gatt = null;
    changed();
    was.line.end();
  };
  return {
    is: () => gatt !== null,
    drop,
    /** What the peripheral consists of. */
    forget,
    make: (): void => {
      forget();
      gatt = gattOf(at, peripheral, { drop, isLost, gate, isOwn: false, mtu: mtu() });
      known = gatt.objects;
      for (const [path, one] of known) objects.add(path, one);
      peripheral.serve(gatt.line.link);
      changed();
    },
  };
}

type State = Readonly<Record<'bond' | 'connection', () => boolean>>;

/** What is told of it. */
function propertiesOf(adapterPath: string, { address, name, uuids }: Peripheral, is: State, trusted: Property) {
  return {
    Address: fixed('s', address),
    AddressType: fixed('s', 'public'),
    Name: fixed('s', name),
    Alias: fixed('s', name),
    Adapter: fixed('o', adapterPath),
    UUIDs: fixed('as', [uuids.service]),
    RSSI: fixed('n', -40),
    Paired: { signature: 'b', value: is.bond },
    Bonded: { signature: 'b', value: is.bond },
    Trusted: trusted,
    Blocked: fixed('b', false),
    Connected: { signature: 'b', value: is.connection },
    ServicesResolved: { signature: 'b', value: is.connection },
  };
}

/** What can be asked of it. */
function methodsOf(
  at: string,
  { agents, isOn }: Pick<DeviceParts, 'agents' | 'isOn'>,
  bond: ReturnType<typeof bondAt>,
  connection: ReturnType<typeof connectionOf>,
  drop: () => void,
): Readonly<Record<string, Method>> {
  const connect = (): void => {
    if (!isOn()) throw refusal('NotReady', 'Resource Not Ready');
    if (connection.is()) return;
    // With a key that the other end does not have it is made, and ends before anybody hears of it.
    if (bond.isHere() && !bond.isThere()) throw refusal('Failed', 'le-connection-abort-by-local');
    connection.make();
  };
  const pair = async (): Promise<void> => {
    if (bond.isPairing()) throw refusal('InProgress', 'In Progress');
    // BlueZ 5.66 goes on to the classic Bluetooth of a lock that it is bonded with by LE, and there is none.
    if (bond.isHere()) throw refusal('AuthenticationFailed', 'Authentication Failed');
    const person = agents.ofCaller(at);
    connect();
    const said = await bond.pair(person);
    if (said === 'cancelled') throw refusal('AuthenticationCanceled', 'Authentication Canceled');
    if (said === 'refused') throw refusal('AuthenticationFailed', 'Authentication Failed');
  };
  return {
    Connect: {
      does: () => {
        connect();
        // A lock that has a bond with a caller who has none asks for it.
        if (!bond.isHere() && bond.isThere() && !bond.isPairing()) void bond.pair(agents.byDefault(at));
      },
    },
    Disconnect: { does: drop },
    Pair: { does: pair },
    CancelPairing: {
      does: () => {
        if (!bond.isPairing()) throw refusal('DoesNotExist', 'Does Not Exist');
        bond.cancel();
      },
    },
  };
}

/** The peripheral's own object as one adapter has it, its connection, and both halves of its bond. */
export function device(adapterPath: string, parts: DeviceParts) {
  const { agents, peripheral, atPeripheral } = parts;
  const at = `${adapterPath}/dev_${peripheral.address.replaceAll(':', '_')}`;
  let isTrusted = false;
  const drop = (): void => {
    bond.cancel();
    connection.drop();
  };
  const bond = bondAt({
    isForAll: peripheral.bonds ?? false,
    atPeripheral,
    byDefault: () => agents.byDefault(at),
    drop,
    changed: () => own.changed('Paired', 'Bonded'),
  });
  const connection = connectionOf(at, parts, bond.gate, () => own.changed('Connected', 'ServicesResolved'));
  const trusted: Property = {
    signature: 'b',
    value: () => isTrusted,
    set: (value) => {
      isTrusted = value === true;
      own.changed('Trusted');
    },
  };
  const own: Served = served('org.bluez.Device1', {
    properties: propertiesOf(adapterPath, peripheral, { bond: bond.isHere, connection: connection.is }, trusted),
    methods: methodsOf(at, parts, bond, connection, drop),
  });
  return {
    at,
    own,
    drop,
    isBonded: bond.isHere,
    isConnected: connection.is,
    forget: () => {
      drop();
      bond.forget();
      isTrusted = false;
      connection.forget();
    },
    /** The peripheral's half of the bond is gone. */
    forgetThere: () => {
      drop();
      bond.forgetThere();
    },
    /** As after the service has begun again: what the peripheral consists of is not known before a connection. */
    forgetParts: connection.forget,
  };
}
