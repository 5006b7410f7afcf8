import type { EventVerb, EventView, Method } from '../../contract/event.ts';
import type { Refusal } from '../../contract/answer.ts';
import type { Mode } from '../../contract/mode.ts';
import type { ClusterReply } from '../../contract/link.ts';

/** Matter's numbers and the contract's words. Section numbers are those of the Matter specifications 1.6 (Application
 * Clusters where no other is named), as the model in matter.js 0.17.9 restates them. */

/** Door Lock Cluster (5.2), Basic Information (Core 11.1), Operational Credentials (Core 11.18), Power Source (Core 11.7). */
export const clusters = { doorLock: 0x0101, basic: 0x28, credentials: 0x3e, power: 0x2f } as const;

/** Attributes of the Door Lock cluster. */
export const attributes = {
  lockState: 0x00,
  operatingMode: 0x25,
  supportedModes: 0x26,
  doorState: 0x03,
  users: 0x11,
  pinUsers: 0x12,
  weekDaysPerUser: 0x14,
  yearDaysPerUser: 0x15,
  maxPinDigits: 0x17,
  minPinDigits: 0x18,
  autoRelockSeconds: 0x23,
  wrongCodes: 0x30,
  lockoutSeconds: 0x31,
  requiresPin: 0x33,
  lastsMinutes: 0x35,
  acceptedCommands: 0xfff9,
  features: 0xfffc,
} as const;

/** DataOperationTypeEnum (5.2.6.10). */
export const operations = { add: 0, clear: 1, modify: 2 } as const;
/** CredentialTypeEnum (5.2.6.9). */
export const pinType = 1;
/** UserTypeEnum (5.2.6.18). */
export const userTypes = {
  unrestricted: 0,
  yearDay: 1,
  weekDay: 2,
  forced: 5,
  disposable: 6,
  expiring: 7,
  restricted: 8,
  remoteOnly: 9,
} as const;
/** UnlockWithTimeout (5.2.10.3), in AcceptedCommandList. */
export const timedUnlock = 3;
/** OperatingModeEnum (5.2.6.15), by its numbers. */
export const modesByNumber: readonly Mode[] = ['normal', 'vacation', 'privacy', 'no-remote', 'passage'];
/** OperatingModesBitmap (5.2.6.3) as the library names its bits; one that is set is *not* supported (5.2.9.25). */
export const modeBits: Readonly<Record<Mode, string>> = {
  normal: 'normal',
  vacation: 'vacation',
  privacy: 'privacy',
  'no-remote': 'noRemoteLockUnlock',
  passage: 'passage',
};
/** UserStatusEnum (5.2.6.17). */
export const userStates = { enabled: 1, disabled: 3 } as const;

/**
 * Matter has no credential without a user, and its windows and suspensions are those of users: a code that has them for itself
 * has a user of its own, which carries it for another one, or for nobody. Its unique id tells for whom.
 */
const carrier = { mark: 0x5c, markShift: 24, shift: 12, placeMask: 0xfff, checkShift: 8 } as const;
const person = 0x4c50_0000;
/** So that hardly any number that somebody else gave is taken for one of ours. */
const checkOf = (place: number): number => (place * 7 + 5) & 0xf;

/** The unique id of a user; `carriesFor` is the place of the user whose code it carries, 0 for nobody, null for who was asked for. */
export const uniqueIdOf = (carriesFor: number | null, nonce: number): number =>
  carriesFor === null
    ? person + (nonce & 0xffff)
    : carrier.mark * 2 ** carrier.markShift +
      (carriesFor << carrier.shift) +
      (checkOf(carriesFor) << carrier.checkShift) +
      (nonce & 0xff);
/** What stands in the place of a user where the code is our own, for the remote operations of a lock that asks for one. */
export const ownUse = 0xfff;
/** The highest place that such an id can name. */
export const maxCarriedFor = 0xffe;
export function carriesForIn(uniqueId: number | null): number | null {
  if (uniqueId === null || uniqueId >>> carrier.markShift !== carrier.mark) return null;
  const place = (uniqueId >>> carrier.shift) & carrier.placeMask;
  return ((uniqueId >>> carrier.checkShift) & 0xf) === checkOf(place) ? place : null;
}

export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
export const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : typeof value === 'bigint' ? Number(value) : null;

/** What a lock stores as a code: its digits as ASCII. */
export const codeBytes = (digits: string): Uint8Array => new TextEncoder().encode(digits);

const statuses: Readonly<Record<number, readonly [Refusal['class'], string]>> = {
  1: ['lock', 'FAILURE'],
  2: ['conflict', 'DUPLICATE'],
  3: ['conflict', 'OCCUPIED'],
  0x7e: ['permission', 'UNSUPPORTED_ACCESS'],
  0x7f: ['missing', 'UNSUPPORTED_ENDPOINT'],
  0x81: ['unsupported', 'UNSUPPORTED_COMMAND'],
  0x85: ['request', 'INVALID_COMMAND'],
  0x87: ['request', 'CONSTRAINT_ERROR'],
  0x89: ['conflict', 'RESOURCE_EXHAUSTED'],
  0x8b: ['missing', 'NOT_FOUND'],
  0x94: ['lock', 'TIMEOUT'],
  0x9c: ['rate', 'BUSY'],
  0x9d: ['permission', 'ACCESS_RESTRICTED'],
  0xc3: ['missing', 'UNSUPPORTED_CLUSTER'],
  0xc6: ['request', 'NEEDS_TIMED_INTERACTION'],
  0xcb: ['lock', 'INVALID_IN_STATE'],
  0xcf: ['request', 'DYNAMIC_CONSTRAINT_ERROR'],
  0xd0: ['conflict', 'ALREADY_EXISTS'],
};

/** Refused for what was asked, or by whom (Core 8.10): asked again in the same words it is refused again, and nothing was done. */
const sameAgain: readonly Refusal['class'][] = ['request', 'missing', 'unsupported', 'permission', 'conflict'];

/** What a status says. A cluster's own status is more exact than FAILURE, under which it comes. */
export function refusalOf({ status, clusterStatus }: Omit<Extract<ClusterReply, { kind: 'status' }>, 'kind'>): Refusal {
  const which = status === 1 && clusterStatus !== null ? clusterStatus : status;
  const [kind, code] = statuses[which] ?? ['platform', `STATUS_${which.toString(16).toUpperCase()}`];
  return {
    class: kind,
    code,
    retryable: kind === 'rate' ? true : sameAgain.includes(kind) ? false : null,
    retryAfterMs: null,
    first: null,
  };
}

/** A refusal that this driver speaks itself: Matter cannot express what was asked, or there is no such thing. */
export const cannot = (code: string, kind: Refusal['class'] = 'unsupported'): Refusal => ({
  class: kind,
  code: `driver:${code}`,
  retryable: false,
  retryAfterMs: null,
  first: null,
});

const methods: Readonly<Record<number, Method>> = {
  1: 'hand',
  2: 'remote',
  3: 'pin',
  4: 'auto',
  5: 'hand',
  6: 'auto',
  7: 'remote',
};
/**
 * LockOperationTypeEnum (5.2.6.13). A lock that pulls a latch tells of that beside its unlocking (5.2.11.3), and of a latch that
 * stuck after it was unlocked: neither is an act of its own.
 */
const unlatch = 4;
const moves: readonly EventVerb[] = ['lock.locked', 'lock.unlocked', 'detail', 'lock.duress', 'detail'];
/** The alarm of a forced user says nothing of whose it was: the operation beside it does (5.2.6.18.6). */
const alarms: Readonly<Record<number, EventVerb>> = { 0: 'lock.jammed', 4: 'lock.lockout', 8: 'detail' };
/** LockDataTypeEnum (5.2.6.12): a user, a PIN. */
const [userType, pinData] = [2, 6];
const changes: Readonly<Record<number, readonly EventVerb[]>> = {
  // A user is modified by a new name, a suspension and a window alike, and the event does not say by which.
  [userType]: ['user.added', 'user.removed', 'detail'],
  [pinData]: ['grant.set', 'grant.revoked', 'grant.changed'],
};
const names = ['DoorLockAlarm', 'DoorStateChange', 'LockOperation', 'LockOperationError', 'LockUserChange'] as const;

/** Everything at once is cleared by this index. */
const all = 0xfffe;
const index = (value: unknown): number | null => {
  const no = number(value);
  return no === null || no === all ? null : no;
};

function verbOf(event: number, value: Fields, ids: EventIds): EventVerb {
  const at = (table: Readonly<Record<number, EventVerb>> | readonly EventVerb[], no: unknown): EventVerb =>
    table[number(no) ?? -1] ?? 'unknown';
  if (event === 0) return at(alarms, value['alarmCode']);
  if (event === 1) return at(['door.opened', 'door.closed'], value['doorState']);
  if (event === 2) return at(moves, value['lockOperationType']);
  if (event === 3) return number(value['lockOperationType']) === unlatch ? 'detail' : 'lock.denied';
  if (event !== 4) return 'unknown';
  const type = number(value['lockDataType']) ?? -1;
  // Who only carries a code is no user that anybody asked for.
  if (type === userType && ids.isCarrier(number(value['userIndex']) ?? 0)) return 'detail';
  if (type === pinData && ids.isOwnCode(number(value['dataIndex']) ?? 0)) return 'detail';
  const kinds = changes[type];
  return kinds ? at(kinds, value['dataOperationType']) : 'detail';
}

/** An administrator, by the index that the lock gave his fabric. */
export const fabricId = (no: number): string => `fabric-${no}`;

/** What an event names by its place: a user by whom he carries a code for, null where that is nobody. */
export interface EventIds {
  isCarrier(index: number): boolean;
  /** Whether it is who carries our own code. */
  isOwn(index: number): boolean;
  user(index: number): string | null;
  grant(index: number): string;
  /** Whether it is, or was, our own code. */
  isOwnCode(index: number): boolean;
}

/** The places that an event names, and whether the user, or where there is one the PIN, is added or cleared there by it. */
export function placesIn(item: Fields): {
  readonly user: number | null;
  readonly pin: number | null;
  readonly isAdded: boolean;
  readonly isCleared: boolean;
} {
  const value = isFields(item['value']) ? item['value'] : {};
  const isChange = number(item['event']) === 4;
  const type = isChange ? number(value['lockDataType']) : null;
  const place = (no: unknown): number | null => (index(no) === 0 ? null : index(no));
  const operation = type === userType || type === pinData ? number(value['dataOperationType']) : null;
  return {
    user: place(value['userIndex']),
    pin: type === pinData ? place(value['dataIndex']) : null,
    isAdded: operation === operations.add,
    isCleared: operation === operations.clear,
  };
}

/**
 * One event of the Door Lock cluster (5.2.11). An operation by a PIN, whichever way it came, is a presentation of that PIN:
 * its source tells the way, its credentials tell by virtue of what.
 */
export function eventOf(item: unknown, lock: string, ids: EventIds): EventView | null {
  if (!isFields(item)) return null;
  const [event, no, ms] = [number(item['event']), number(item['number']), number(item['epochMs'])];
  const value = isFields(item['value']) ? item['value'] : {};
  if (event === null || no === null) return null;
  const verb = verbOf(event, value, ids);
  const list = Array.isArray(value['credentials']) ? value['credentials'].filter(isFields) : [];
  // What is done with our own code is what is asked of the lock, and no presentation.
  const isOwn = ids.isOwn(number(value['userIndex']) ?? 0);
  const pin = isOwn ? undefined : list.find((one) => number(one['credentialType']) === pinType);
  const changed = verb.startsWith('grant.') ? index(value['dataIndex']) : null;
  const grant = pin ? index(pin['credentialIndex']) : changed;
  const user = isOwn ? null : index(value['userIndex']);
  const source = number(value['operationSource']);
  const fabric = number(value['fabricIndex']);
  // Refused for what was presented or whose it is (5.2.6.14): an act without a code, e.g. in a mode, is refused otherwise.
  const isCode = event === 3 && [1, 2, 3].includes(number(value['operationError']) ?? 0);
  return {
    id: String(no),
    verb,
    rawType: names[event] ?? `Event${event}`,
    lock,
    user: user === null ? null : ids.user(user),
    grant: grant === null ? null : ids.grant(grant),
    integration: fabric === null ? null : fabricId(fabric),
    method: pin || isCode ? 'pin' : source === null ? null : (methods[source] ?? 'unknown'),
    deviceMs: ms,
    platformMs: ms ?? 0,
    confirmed: true,
    about: null,
    gap: null,
  };
}
