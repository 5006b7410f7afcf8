import type { Household, Told } from '../../simulators/lock/household.ts';
import { decode } from '../../simulators/lock/firmware.ts';
import type { LockPort, LockRecord } from '../../simulators/lock/port.ts';
import { type Fields, pinType } from './words.ts';

/** The events of a simulated Matter lock (5.2.11): its own log and what became of its users, in one row and under one count. */
export interface EventLog {
  /** Those with a number from `from` on; null: the lock has no power. */
  from(from: bigint): Promise<readonly Fields[] | null>;
}

/** Event numbers of the cluster, and how urgent they are (PriorityEnum, Core 7.19.2.20: 1 is INFO, 2 is CRITICAL). */
const events = {
  alarm: { event: 0, priority: 2 },
  door: { event: 1, priority: 2 },
  operation: { event: 2, priority: 2 },
  error: { event: 3, priority: 2 },
  change: { event: 4, priority: 1 },
} as const;
/** OperationSourceEnum (5.2.6.16). */
const sources: Readonly<Record<NonNullable<LockRecord['method']>, number>> = {
  hand: 1,
  pin: 3,
  'keypad-admin': 3,
  auto: 4,
  remote: 7,
};
/** LockDataTypeEnum (5.2.6.12) and DataOperationTypeEnum (5.2.6.10). */
const dataTypes: Readonly<Record<Told['what'], number>> = { resident: 2, days: 3, dates: 4, code: 6 };
/** Each user has one schedule of each kind. */
const scheduleNo = 1;
const operations = { add: 0, clear: 1, change: 2 } as const;
const everyPlace = 0xfffe;
const mostRecords = 500;

type Draft = Fields & { readonly event: number; readonly priority: number };

/** Who did it, as an event names him. */
function doer({ method, slot, tag, integration }: LockRecord): Fields {
  const fabricIndex = integration === null ? null : Number(integration);
  return {
    operationSource: fabricIndex === null ? (method === null ? 0 : sources[method]) : sources.remote,
    userIndex: tag === null || tag === '' ? null : Number(tag),
    fabricIndex,
    sourceNode: null,
    credentials: slot === null ? null : [{ credentialType: pinType, credentialIndex: slot }],
  };
}

function draftsOf(record: LockRecord): readonly Draft[] {
  // An operation of its own type beside the unlocking, and the alarm (5.2.6.18.6).
  if (record.what === 'duress')
    return [
      { ...events.operation, value: { lockOperationType: 3, ...doer(record) } },
      { ...events.alarm, value: { alarmCode: 8 } },
    ];
  const draft = draftOf(record);
  return draft ? [draft] : [];
}

function draftOf(record: LockRecord): Draft | null {
  switch (record.what) {
    case 'locked':
    case 'unlocked':
      return { ...events.operation, value: { lockOperationType: record.what === 'locked' ? 0 : 1, ...doer(record) } };
    case 'denied':
      // InvalidCredential, or DisabledUserDenied where the code is somebody's (5.2.6.14).
      return {
        ...events.error,
        value: { lockOperationType: 1, operationError: record.slot === null ? 1 : 2, ...doer(record) },
      };
    case 'jammed':
      return { ...events.alarm, value: { alarmCode: 0 } };
    case 'lockout':
      return { ...events.alarm, value: { alarmCode: 4 } };
    case 'door-opened':
    case 'door-closed':
      return { ...events.door, value: { doorState: record.what === 'door-opened' ? 0 : 1 } };
    default:
      return null;
  }
}

const changeOf = ({ what, how, place, code, by }: Told): Draft => ({
  ...events.change,
  value: {
    lockDataType: dataTypes[what],
    dataOperationType: how === 'change' && what !== 'resident' && what !== 'code' ? operations.add : operations[how],
    operationSource: sources.remote,
    userIndex: place ?? everyPlace,
    fabricIndex: by,
    sourceNode: null,
    dataIndex: what === 'resident' ? null : (code ?? scheduleNo),
  },
});

/** An empty log that keeps the last `capacity` events. */
export function createEventLog(lock: LockPort, household: Household, capacity: number): EventLog {
  let log: readonly Fields[] = [];
  let number = 0n;
  let seen = 0;
  let waiting: readonly Told[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const append = (draft: Draft, deviceMs: number): void => {
    number += 1n;
    log = [...log, { ...draft, number, epochMs: BigInt(deviceMs) }].slice(-capacity);
  };
  const tellUpTo = (seq: number): void => {
    for (const told of waiting.filter(({ after }) => after < seq)) append(changeOf(told), told.deviceMs);
    waiting = waiting.filter(({ after }) => after >= seq);
  };
  const fetch = async (): Promise<boolean> => {
    for (;;) {
      const said = await lock.ask({ ask: 'log', after: seen, limit: mostRecords });
      if (said?.answer !== 'log') return false;
      waiting = [...waiting, ...household.told()];
      for (const payload of said.payloads) {
        const record = decode(payload);
        tellUpTo(payload.seq);
        if (!('unknown' in record)) for (const draft of draftsOf(record)) append(draft, record.deviceMs);
        seen = Math.max(seen, payload.seq);
      }
      if (said.payloads.length < mostRecords) break;
    }
    tellUpTo(Infinity);
    return true;
  };
  return {
    from(from) {
      const mine = last.then(async () => ((await fetch()) ? log.filter((one) => BigInt(String(one['number'])) >= from) : null));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
