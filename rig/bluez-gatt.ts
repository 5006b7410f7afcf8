import type { ByteLink } from '../contract/link.ts';
import { refusal, type Served, served } from './bus-object.ts';

/** What a peripheral serves. */
export interface GattShape {
  /** The GATT service, and the characteristics that bytes go to and come from. */
  readonly uuids: { readonly service: string; readonly to: string; readonly from: string };
  /** The longest value that it notifies, bytes; the ATT MTU less 3, where nothing else is said. */
  readonly valueBytes: number;
  /** What of a notification its own Bluetooth lets through at that MTU, bytes; left out, all that the MTU carries. */
  readonly carries?: (mtu: number) => number;
  /** What can be read only over an encrypted connection, and only over one that a passkey has made sure of. */
  readonly kept?: { readonly encrypted: string; readonly assured: string };
}

/** What a peripheral's objects need to know of where they are. */
export interface GattPlace {
  /** The connection is to end. */
  readonly drop: () => void;
  /** Asked of each notification: its caller never hears of one that is. */
  readonly isLost: () => boolean;
  /** Throws where the connection is not good enough for that. */
  readonly gate: (needs: Needs) => void | Promise<void>;
  /** Whether these are the objects that a peripheral gives to its own BlueZ, or those that a BlueZ shows of it. */
  readonly isOwn: boolean;
  /** The longest ATT MTU of its connections. */
  readonly mtu: number;
}
export type Needs = 'a connection' | 'encryption' | 'a passkey';

/** A lock on BlueZ 5.66 counts what goes before the value as a part of it: 2 bytes in a write, 4 in each part of a long one. */
const maxValueBytes = { whole: 510, inParts: 508 } as const;
const attBytes = 3;
const keptValue = Buffer.from('kept');

/** A property that never changes. */
export const fixed = (signature: string, value: unknown) => ({ signature, value: () => value });

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
    isOver: () => isOver,
    end: () => {
      isOver = true;
      heardBy = null;
      endedBy?.('unplugged');
    },
  };
}

type Properties = NonNullable<Parameters<typeof served>[1]['properties']>;

/** What bytes are written to. */
const writable = (
  properties: Properties,
  mtu: number,
  gate: () => void | Promise<void>,
  heard: (bytes: Uint8Array) => void,
): Served =>
  served('org.bluez.GattCharacteristic1', {
    properties: { ...properties, Value: fixed('ay', Buffer.alloc(0)), Notifying: fixed('b', false) },
    methods: {
      WriteValue: {
        takes: 'aya{sv}',
        does: async (bytes) => {
          await gate();
          const written = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
          const most = written.length > mtu - attBytes ? maxValueBytes.inParts : maxValueBytes.whole;
          if (written.length > most) throw refusal('InvalidArguments', 'Invalid Length');
          heard(written);
        },
      },
    },
  });

/** What is read. */
const readable = (properties: Properties, gate: () => void | Promise<void>): Served =>
  served('org.bluez.GattCharacteristic1', {
    properties: { ...properties, Value: fixed('ay', Buffer.alloc(0)) },
    methods: {
      ReadValue: {
        takes: 'a{sv}',
        gives: 'ay',
        does: async () => {
          await gate();
          return keptValue;
        },
      },
    },
  });

/** What bytes come from. */
function notifying(properties: Properties, most: number, isLost: () => boolean, gate: () => void | Promise<void>) {
  let isOn = false;
  let value: Buffer = Buffer.alloc(0);
  const turned = (on: boolean): void => {
    isOn = on;
    from.changed('Notifying');
  };
  const from: Served = served('org.bluez.GattCharacteristic1', {
    properties: {
      ...properties,
      Value: { signature: 'ay', value: () => value },
      Notifying: { signature: 'b', value: () => isOn },
    },
    methods: {
      WriteValue: {
        takes: 'aya{sv}',
        does: () => {
          throw refusal('NotSupported', 'Operation is not supported');
        },
      },
      StartNotify: {
        does: async () => {
          await gate();
          turned(true);
        },
      },
      StopNotify: { does: () => turned(false) },
    },
  });
  return {
    from,
    isOn: () => isOn,
    notify: (next: Buffer): void => {
      if (isLost()) return;
      // What is longer is cut off without a word.
      value = next.subarray(0, most);
      from.changed('Value');
    },
  };
}

/** The GATT objects of a connected peripheral. */
export function gattOf(at: string, shape: GattShape, { drop, isLost, gate, isOwn, mtu }: GattPlace) {
  const { uuids, valueBytes, kept, carries = (most) => most - attBytes } = shape;
  const service = `${at}/service0010`;
  let isOver = (): boolean => false;
  const open = (needs: Needs) => (): void | Promise<void> => {
    if (isOver()) throw refusal('Failed', 'Not connected');
    return gate(needs);
  };
  const common = (uuid: string, flags: readonly string[]) => ({
    UUID: fixed('s', uuid),
    Service: fixed('o', service),
    Flags: fixed('as', flags),
    // It is a connection's, and ends with it.
    MTU: { signature: 'q', value: () => (isOver() ? undefined : mtu) },
  });
  const tells = notifying(common(uuids.from, ['notify']), carries(mtu), isLost, open('a connection'));
  const line = connection(valueBytes, tells.notify, tells.isOn, drop);
  isOver = line.isOver;
  const to = writable(common(uuids.to, ['write']), mtu, open('a connection'), line.heard);
  // What a value needs its own BlueZ is told; a client sees that it can be read, and no more.
  const keptAs = (flag: string): readonly string[] => [isOwn ? flag : 'read'];
  const objects: (readonly [string, Served])[] = [
    [
      service,
      served('org.bluez.GattService1', {
        properties: { UUID: fixed('s', uuids.service), Device: fixed('o', at), Primary: fixed('b', true) },
      }),
    ],
    [`${service}/char0011`, to],
    [`${service}/char0013`, tells.from],
  ];
  if (kept)
    objects.push(
      [`${service}/char0016`, readable(common(kept.encrypted, keptAs('encrypt-read')), open('encryption'))],
      [`${service}/char0018`, readable(common(kept.assured, keptAs('encrypt-authenticated-read')), open('a passkey'))],
    );
  return { line, objects };
}
