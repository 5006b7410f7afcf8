import { fromRfc3339, toRfc3339 } from '../../contract/time.ts';
import type { Decoded, LogEntry, Method } from './points.ts';
import type { LockRecord, Payload } from './port.ts';

type What = LockRecord['what'];
type Fields = Payload['fields'];

/** 2000-01-01T00:00:00Z, the epoch of the third spelling, in epoch ms. */
const epoch2000Ms = 946_684_800_000;

/** Per kind: the number of the first spelling, the name of the second, the path of the third. */
const kinds: Readonly<Record<What, readonly [number, string, string]>> = {
  locked: [1, 'BoltExtended', 'bolt/extended'],
  unlocked: [2, 'BoltRetracted', 'bolt/retracted'],
  jammed: [3, 'BoltObstructed', 'bolt/stalled'],
  denied: [7, 'AccessRefused', 'access/refused'],
  duress: [10, 'SilentAlarm', 'access/duress'],
  lockout: [8, 'KeypadDisabled', 'access/suspended'],
  'lockout-ended': [9, 'KeypadEnabled', 'access/restored'],
  'door-opened': [12, 'DoorOpened', 'door/open'],
  'door-closed': [13, 'DoorClosed', 'door/shut'],
  'battery-low': [20, 'BatteryLow', 'power/low'],
  'battery-ok': [21, 'BatteryNormal', 'power/normal'],
  restarted: [22, 'PowerUp', 'power/up'],
  'clock-set': [23, 'TimeAdjusted', 'clock/adjusted'],
  'code-added': [30, 'CodeLearned', 'codes/learned'],
  'code-removed': [31, 'CodeErased', 'codes/erased'],
  'code-spent': [32, 'CodeExhausted', 'codes/exhausted'],
  firmware: [40, 'SoftwareChanged', 'software/changed'],
  mode: [41, 'ModeChanged', 'mode/changed'],
};
const methods: Readonly<Record<Method, readonly [number, string, string]>> = {
  pin: [1, 'KEYPAD', 'credential'],
  remote: [2, 'RADIO', 'network'],
  hand: [3, 'THUMBTURN', 'manual'],
  auto: [4, 'TIMER', 'self'],
  'keypad-admin': [5, 'MENU', 'local-menu'],
};
/** The number that the first spelling gives to whatever it has no number for. */
const otherNumber = 99;

const codesOf = <K extends string>(table: Readonly<Record<K, readonly [number, string, string]>>, column: 0 | 1 | 2) => {
  const found = new Map<string | number, K>();
  // A loop over the keys keeps their closed type, which Object.keys forgets.
  for (const key in table) found.set(table[key][column], key);
  return found;
};
const kindBy = [codesOf(kinds, 0), codesOf(kinds, 1), codesOf(kinds, 2)] as const;
const methodBy = [codesOf(methods, 0), codesOf(methods, 1), codesOf(methods, 2)] as const;

const generation = (version: string): 1 | 2 | 3 => {
  const [, major = '1', minor = '0'] = /(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return Number(major) >= 2 ? 3 : Number(minor) >= 1 ? 2 : 1;
};

/** Whether this firmware logs kinds of which older readers know nothing. */
export const logsNovelties = (version: string): boolean => generation(version) === 3;

const word = (record: LogEntry, column: 0 | 1 | 2): number | string =>
  record.what !== 'novel' ? kinds[record.what][column] : column === 0 ? otherNumber : record.name;

function terse(record: LogEntry): Fields {
  const { deviceMs, method, slot, tag, integration, clockKnown } = record;
  return {
    ev: word(record, 0),
    ms: deviceMs,
    sync: clockKnown ? 1 : 0,
    // Memory is dear to old firmware: what is not there takes no room.
    ...(method !== null && { how: methods[method][0] }),
    ...(slot !== null && { slot }),
    ...(tag !== null && { tag }),
    ...(integration !== null && { app: integration }),
  };
}
const wordy = (record: LogEntry): Fields => ({
  eventType: word(record, 1),
  occurredAt: toRfc3339(record.deviceMs),
  clockState: record.clockKnown ? 'SYNCED' : 'FREE',
  operatedBy: record.method === null ? null : methods[record.method][1],
  userSlot: record.slot,
  userTag: record.tag,
  clientName: record.integration,
});
const pathed = (record: LogEntry): Fields => ({
  Client: record.integration,
  Ref: record.tag,
  Index: record.slot === null ? null : record.slot - 1,
  Source: record.method === null ? null : methods[record.method][2],
  Kind: word(record, 2),
  Trust: record.clockKnown,
  Stamp: record.deviceMs - epoch2000Ms,
  Rssi: -40 - (record.seq % 30),
});
const spellings = {
  1: { format: 'k1', fieldsOf: terse },
  2: { format: 'k2', fieldsOf: wordy },
  3: { format: 'k3', fieldsOf: pathed },
};

/**
 * A record as the firmware `version` spells it: 1.0 in terse numbers, later 1.x in words with civil time, 2.0 and later
 * in paths with capitals, zero-based slots, a 2000 epoch and a signal reading. Any version string has a spelling.
 */
export function encode(record: LogEntry, version: string): Payload {
  const { format, fieldsOf } = spellings[generation(version)];
  return { seq: record.seq, format, fields: fieldsOf(record) };
}

const text = (value: Fields[string] | undefined): string | null => (typeof value === 'string' ? value : null);
const number = (value: Fields[string] | undefined): number | null => (typeof value === 'number' ? value : null);

interface Read {
  readonly kind: What | undefined;
  readonly deviceMs: number | null;
  readonly method: Method | null | undefined;
  readonly slot: number | null;
  readonly tag: string | null;
  readonly integration: string | null;
  readonly clockKnown: boolean;
}

const methodOf = (value: Fields[string] | undefined, column: 0 | 1 | 2): Method | null | undefined =>
  value === undefined || value === null ? null : methodBy[column].get(typeof value === 'boolean' ? '' : value);

function read({ format, fields: f }: Payload): Read | null {
  switch (format) {
    case 'k1':
      return {
        kind: kindBy[0].get(number(f['ev']) ?? -1),
        deviceMs: number(f['ms']),
        method: methodOf(f['how'], 0),
        slot: number(f['slot']),
        tag: text(f['tag']),
        integration: text(f['app']),
        clockKnown: f['sync'] === 1,
      };
    case 'k2':
      return {
        kind: kindBy[1].get(text(f['eventType']) ?? ''),
        deviceMs: fromRfc3339(text(f['occurredAt']) ?? ''),
        method: methodOf(f['operatedBy'], 1),
        slot: number(f['userSlot']),
        tag: text(f['userTag']),
        integration: text(f['clientName']),
        clockKnown: f['clockState'] === 'SYNCED',
      };
    case 'k3': {
      const stamp = number(f['Stamp']);
      const index = number(f['Index']);
      return {
        kind: kindBy[2].get(text(f['Kind']) ?? ''),
        deviceMs: stamp === null ? null : stamp + epoch2000Ms,
        method: methodOf(f['Source'], 2),
        slot: index === null ? null : index + 1,
        tag: text(f['Ref']),
        integration: text(f['Client']),
        clockKnown: f['Trust'] === true,
      };
    }
    default:
      return null;
  }
}

/**
 * The record behind a payload of any firmware known here; further fields do not matter. What cannot be read (an unknown
 * format or kind, no time, a method without a name) is handed on as it came. Never throws.
 */
export function decode(payload: Payload): Decoded {
  const found = read(payload);
  if (!found || found.kind === undefined || found.deviceMs === null || found.method === undefined) return { unknown: payload };
  const { kind: what, deviceMs, method, slot, tag, integration, clockKnown } = found;
  return { seq: payload.seq, deviceMs, what, method, slot, tag, integration, clockKnown };
}
