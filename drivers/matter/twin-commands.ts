import { type Dates, type Household, type Outcome, type Resident, type Rule } from '../../simulators/lock/household.ts';
import type { SimulatedLock } from '../../simulators/lock/lock.ts';
import type { Spell, ToLock } from '../../simulators/lock/port.ts';
import type { ClusterReply } from '../../contract/link.ts';
import { flagsOf, windowOfWeekDay, windowOfYearDay, scheduleOf } from './windows.ts';
import { type Fields, isFields, modesByNumber, number, operations, pinType, userStates, userTypes } from './words.ts';

/** Commands of the Door Lock cluster (5.2.10), decoded, asked of a simulated lock, encoded. Null: it has no power. */

/** What the commands are carried out on. */
export interface Node {
  readonly lock: SimulatedLock;
  readonly household: Household;
  readonly zone: string;
  /** It takes a lock or unlock only with a PIN (5.2.9.35). */
  readonly wantsPin: boolean;
  /** The holiday schedule that it holds; there is one. */
  holiday: Holiday | null;
}
interface Holiday {
  readonly localStartTime: number;
  readonly localEndTime: number;
  readonly operatingMode: number;
}
type Said = ClusterReply | null;
type Handler = (node: Node, fields: Fields, fabric: number) => Promise<Said>;

/** Statuses (Core 8.10) and those of the cluster (5.2.7.1), under FAILURE. */
const status = { success: 0, failure: 1, invalid: 0x85, unsupported: 0x81, exhausted: 0x89, notFound: 0x8b, busy: 0x9c } as const;
const own = { duplicate: 2, occupied: 3 } as const;
const everyPlace = 0xfffe;

const done: ClusterReply = { kind: 'reply', value: null };
const refused = (code: number, clusterStatus: number | null = null): ClusterReply => ({
  kind: 'status',
  status: code,
  clusterStatus,
});

const outcomes: Readonly<Record<Exclude<Outcome, 'done' | 'gone'>, ClusterReply & { kind: 'status' }>> = (() => {
  const plain = (code: number) => ({ kind: 'status', status: code, clusterStatus: null }) as const;
  return {
    occupied: { kind: 'status', status: status.failure, clusterStatus: own.occupied },
    duplicate: { kind: 'status', status: status.failure, clusterStatus: own.duplicate },
    missing: plain(status.invalid),
    invalid: plain(status.invalid),
    'not-yours': plain(status.invalid),
    full: plain(status.exhausted),
    busy: plain(status.busy),
    mode: plain(status.failure),
    power: plain(status.failure),
    jam: plain(status.failure),
    expired: plain(status.failure),
    image: plain(status.failure),
  };
})();
const replyTo = (outcome: Outcome): Said => (outcome === 'done' ? done : outcome === 'gone' ? null : outcomes[outcome]);

const rules: Readonly<Record<number, Rule>> = {
  [userTypes.unrestricted]: 'always',
  [userTypes.yearDay]: 'dates',
  [userTypes.weekDay]: 'days',
  [userTypes.restricted]: 'set',
  [userTypes.forced]: 'forced',
  [userTypes.disposable]: 'once',
  [userTypes.remoteOnly]: 'remote',
  [userTypes.expiring]: 'lasting',
};
const typeOf = (rule: Rule): number => Number(Object.entries(rules).find(([, one]) => one === rule)?.[0] ?? 0);
const whole = (value: unknown): number => number(value) ?? 0;

const getUser: Handler = async ({ household }, fields) => {
  const place = whole(fields['userIndex']);
  const one = await household.at(place);
  const nextUserIndex = household.next(place);
  const value: Fields = {
    userIndex: place,
    userName: one?.name ?? null,
    userUniqueId: one?.mark ?? null,
    userStatus: one ? (one.enabled ? userStates.enabled : userStates.disabled) : null,
    userType: one ? typeOf(one.rule) : null,
    credentialRule: one ? 0 : null,
    credentials: one?.codes.map((code) => ({ credentialType: pinType, credentialIndex: code })) ?? null,
    creatorFabricIndex: one?.maker ?? null,
    lastModifiedFabricIndex: one?.changer ?? null,
    nextUserIndex,
  };
  return { kind: 'reply', value };
};

const setUser: Handler = async ({ household }, fields, fabric) => {
  const [name, mark, state, type] = ['userName', 'userUniqueId', 'userStatus', 'userType'].map((field) => fields[field]);
  const rule = rules[number(type) ?? -1];
  if (number(type) !== null && !rule) return refused(status.invalid);
  const change: Partial<Pick<Resident, 'name' | 'mark' | 'enabled' | 'rule'>> = {
    ...(typeof name === 'string' && { name }),
    ...(number(mark) !== null && { mark: whole(mark) }),
    ...(number(state) !== null && { enabled: number(state) === userStates.enabled }),
    ...(rule && { rule }),
  };
  const place = whole(fields['userIndex']);
  const isNew = fields['operationType'] === operations.add;
  return replyTo(isNew ? await household.add(place, change, fabric) : await household.change(place, change, fabric));
};

const clearUser: Handler = async ({ household }, fields, fabric) => {
  const place = whole(fields['userIndex']);
  return replyTo(await household.remove(place === everyPlace ? null : place, fabric));
};

/** The place of a PIN that is meant; null where it is another kind of credential. */
function pinAt(fields: Fields): number | null {
  const { credential } = fields;
  return isFields(credential) && credential['credentialType'] === pinType ? number(credential['credentialIndex']) : null;
}

const getCredentialStatus: Handler = async ({ household }, fields) => {
  const no = pinAt(fields);
  if (no === null) return refused(status.invalid);
  const held = household.code(no);
  const value: Fields = {
    credentialExists: held !== null,
    userIndex: held?.place ?? null,
    creatorFabricIndex: held?.maker ?? null,
    lastModifiedFabricIndex: held?.changer ?? null,
    nextCredentialIndex: household.nextCode(no),
  };
  return { kind: 'reply', value };
};

const setCredential: Handler = async ({ household }, fields, fabric) => {
  const no = pinAt(fields);
  const { credentialData: data, operationType } = fields;
  if (no === null || !(data instanceof Uint8Array)) return refused(status.invalid);
  const digits = new TextDecoder().decode(data);
  const how = operationType === operations.add ? 'add' : 'change';
  const outcome = await household.setCode({ no, digits, place: whole(fields['userIndex']), how }, fabric);
  if (outcome === 'gone') return null;
  const told = outcome === 'done' ? null : outcomes[outcome];
  const value: Fields = { status: told ? (told.clusterStatus ?? told.status) : 0, userIndex: null, nextCredentialIndex: no + 1 };
  return { kind: 'reply', value };
};

const clearCredential: Handler = async ({ household }, fields, fabric) => {
  if (fields['credential'] === null) return replyTo(await household.clearCode(null, fabric));
  const no = pinAt(fields);
  if (no === null) return refused(status.invalid);
  return replyTo(await household.clearCode(no === everyPlace ? null : no, fabric));
};

/** Seconds from 2000 on in 32 bits, which the library counts from 1970: no other date can be sent. */
const isDate = (value: unknown): boolean => whole(value) >= 946_684_800 && whole(value) <= 946_684_800 + 0xffff_ffff;

/** Each user has one schedule of each kind. */
const isOurs = (fields: Fields, index: string): boolean => fields[index] === 1;

const setYearDaySchedule: Handler = async ({ household, zone }, fields, fabric) => {
  const areDates = isDate(fields['localStartTime']) && isDate(fields['localEndTime']);
  const window = areDates && isOurs(fields, 'yearDayIndex') ? windowOfYearDay(fields, zone) : null;
  if (!window) return refused(status.invalid);
  const dates: Dates = { startMs: window.startMs, endMs: window.endMs };
  return replyTo(await household.change(whole(fields['userIndex']), { dates }, fabric));
};

const getYearDaySchedule: Handler = async ({ household, zone }, fields) => {
  const { yearDayIndex, userIndex } = fields;
  const one = await household.at(whole(userIndex));
  const schedule = one?.dates && scheduleOf({ ...one.dates, zone, recurrence: null }, zone);
  const times = schedule?.yearDay ?? null;
  const code = times ? status.success : status.notFound;
  return { kind: 'reply', value: { yearDayIndex, userIndex, status: code, ...times } };
};

const clearYearDaySchedule: Handler = async ({ household }, fields, fabric) =>
  isOurs(fields, 'yearDayIndex')
    ? replyTo(await household.change(whole(fields['userIndex']), { dates: null }, fabric))
    : refused(status.invalid);

const clearWeekDaySchedule: Handler = async ({ household }, fields, fabric) =>
  isOurs(fields, 'weekDayIndex')
    ? replyTo(await household.change(whole(fields['userIndex']), { days: null }, fabric))
    : refused(status.invalid);

const setWeekDaySchedule: Handler = async ({ household, zone }, fields, fabric) => {
  const days = isOurs(fields, 'weekDayIndex') ? (windowOfWeekDay(fields, zone)?.recurrence ?? null) : null;
  if (!days) return refused(status.invalid);
  return replyTo(await household.change(whole(fields['userIndex']), { days }, fabric));
};

const getWeekDaySchedule: Handler = async ({ household, zone }, fields) => {
  const { weekDayIndex, userIndex } = fields;
  const one = await household.at(whole(userIndex));
  const schedule = one?.days && scheduleOf({ startMs: null, endMs: null, zone, recurrence: one.days }, zone);
  const week = schedule?.weekDay ?? null;
  const times = week && { ...week, daysMask: flagsOf(week.daysMask) };
  const code = times ? status.success : status.notFound;
  return { kind: 'reply', value: { weekDayIndex, userIndex, status: code, ...times } };
};

/** A lock that is asked in its own time knows no end after which it must not. */
const notAfterMs = Number.MAX_SAFE_INTEGER;

async function asked({ lock }: Node, message: ToLock): Promise<Said> {
  const said = await lock.port.ask(message);
  if (said === null) return null;
  // A bolt that does not get there has begun: its state tells the rest (5.2.10.1).
  return said.answer === 'refused' && said.why !== 'jam' ? outcomes[said.why] : done;
}

/** A lock or unlock, by virtue of a code where it carries one, which is verified whether the lock wants one or not (5.2.10.1). */
async function operate(node: Node, to: 'locked' | 'unlocked', fields: Fields, fabric: number): Promise<Said> {
  const { pinCode, timeout } = fields;
  const seconds = number(timeout);
  const act = { to, integration: String(fabric), ...(seconds !== null && { forMs: seconds * 1000 }) };
  if (pinCode instanceof Uint8Array) {
    const signal = await node.lock.operateWith(new TextDecoder().decode(pinCode), act);
    return signal === null || signal === 'dead' ? null : signal === 'accepted' ? done : refused(status.failure);
  }
  return node.wantsPin ? refused(status.failure) : asked(node, { ask: 'bolt', notAfterMs, ...act });
}

const instant = (zone: string, seconds: number): number | null =>
  windowOfYearDay({ localStartTime: seconds, localEndTime: seconds }, zone)?.startMs ?? null;

const setHolidaySchedule: Handler = async (node, fields) => {
  const [localStartTime, localEndTime] = [whole(fields['localStartTime']), whole(fields['localEndTime'])];
  const operatingMode = whole(fields['operatingMode']);
  const mode = modesByNumber[operatingMode];
  const [startMs, endMs] = [instant(node.zone, localStartTime), instant(node.zone, localEndTime)];
  if (!isOurs(fields, 'holidayIndex') || !mode || startMs === null || endMs === null) return refused(status.invalid);
  const spell: Spell = { mode, startMs, endMs };
  const said = await asked(node, { ask: 'spell', spell, notAfterMs });
  if (said?.kind === 'reply') node.holiday = { localStartTime, localEndTime, operatingMode };
  return said;
};

const getHolidaySchedule: Handler = async ({ holiday }, { holidayIndex }) => {
  if (holidayIndex !== 1) return { kind: 'reply', value: { holidayIndex, status: status.invalid } };
  return { kind: 'reply', value: { holidayIndex, status: holiday ? status.success : status.notFound, ...holiday } };
};

const clearHolidaySchedule: Handler = async (node) => {
  const said = await asked(node, { ask: 'spell', spell: null, notAfterMs });
  if (said?.kind === 'reply') node.holiday = null;
  return said;
};

const commands: Readonly<Record<string, Handler>> = {
  getUser,
  setUser,
  clearUser,
  getCredentialStatus,
  setCredential,
  clearCredential,
  getYearDaySchedule,
  setYearDaySchedule,
  clearYearDaySchedule,
  getWeekDaySchedule,
  setWeekDaySchedule,
  clearWeekDaySchedule,
  getHolidaySchedule,
  setHolidaySchedule,
  clearHolidaySchedule,
  lockDoor: (node, fields, fabric) => operate(node, 'locked', fields, fabric),
  unlockDoor: (node, fields, fabric) => operate(node, 'unlocked', fields, fabric),
  unlockWithTimeout: (node, fields, fabric) => operate(node, 'unlocked', fields, fabric),
};

/** One command by its name, from the administrator with this number. */
export async function invoke(node: Node, command: string, fields: Fields, fabric: number): Promise<Said> {
  const handler = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!handler) return refused(status.unsupported);
  await node.household.ready();
  return (await node.lock.port.ask({ ask: 'status' })) === null ? null : handler(node, fields, fabric);
}

/** Sets the operating mode, the one attribute that is written. */
export async function write(node: Node, attribute: string, value: unknown, fabric: number): Promise<Said> {
  const mode = modesByNumber[number(value) ?? -1];
  if (attribute !== 'operatingMode') return refused(status.unsupported);
  if (!mode) return refused(0x87);
  const said = await asked(node, { ask: 'mode', to: mode, integration: String(fabric), notAfterMs });
  return said?.kind === 'status' ? refused(0x87) : said;
}
