import type { ByteLink } from '../contract/link.ts';
import { refusal, type Served, served } from './bus-object.ts';

/** What a peripheral serves. */
export interface GattShape {
  /** The GATT service, and the characteristics that bytes go to and come from. */
  readonly uuids: { readonly service: string; readonly to: string; readonly from: string };
  /** The longest value of a write or a notification, bytes: the ATT MTU less 3. */
  readonly valueBytes: number;
}

/** The longest value that BlueZ takes in one write, seen at 5.66. */
const maxValueBytes = 510;

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
const writable = (properties: Properties, gate: () => void, heard: (bytes: Uint8Array) => void): Served =>
  served('org.bluez.GattCharacteristic1', {
    properties: { ...properties, Value: fixed('ay', Buffer.alloc(0)), Notifying: fixed('b', false) },
    methods: {
      WriteValue: {
        takes: 'aya{sv}',
        does: (bytes) => {
          gate();
          const written = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
          if (written.length > maxValueBytes) throw refusal('InvalidArguments', 'Invalid Length');
          heard(written);
        },
      },
    },
  });

/**
 * The GATT objects of a connected peripheral. `isLost` is asked of each notification: its caller never hears of one that is.
 * `isOpen`: whether it may be talked to, which needs a bond at some.
 */
export function gattOf(at: string, shape: GattShape, drop: () => void, isLost: () => boolean, isOpen: () => boolean) {
  const { uuids, valueBytes } = shape;
  let notifying = false;
  let value: Buffer = Buffer.alloc(0);
  const line = connection(
    valueBytes,
    (next) => {
      if (isLost()) return;
      value = next;
      from.changed('Value');
    },
    () => notifying,
    drop,
  );
  const service = `${at}/service0010`;
  const gate = (): void => {
    if (line.isOver()) throw refusal('Failed', 'Not connected');
    if (!isOpen()) throw refusal('NotAuthorized', 'Operation is not authorized');
  };
  const common = (uuid: string, flags: readonly string[]) => ({
    UUID: fixed('s', uuid),
    Service: fixed('o', service),
    Flags: fixed('as', flags),
    MTU: fixed('q', valueBytes + 3),
  });
  const to = writable(common(uuids.to, ['write']), gate, line.heard);
  const from: Served = served('org.bluez.GattCharacteristic1', {
    properties: {
      ...common(uuids.from, ['notify']),
      Value: { signature: 'ay', value: () => value },
      Notifying: { signature: 'b', value: () => notifying },
    },
    methods: {
      WriteValue: {
        takes: 'aya{sv}',
        does: () => {
          throw refusal('NotSupported', 'Operation is not supported');
        },
      },
      StartNotify: {
        does: () => {
          gate();
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
