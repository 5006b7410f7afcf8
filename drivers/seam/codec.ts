import type { EventVerb, EventView, Method } from '../../contract/event.ts';
import type { Refusal } from '../../contract/answer.ts';
import type { Window } from '../../contract/grant.ts';
import type { GrantView, Identity, LockView, OperationView, ReadBack } from '../../contract/view.ts';
import type { Secrets } from '../../contract/secrets.ts';
import { fromRfc3339 } from '../../contract/time.ts';

/** Seam JSON in, views out. Pure; nothing is believed before it is looked at, and nothing here throws. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
/** The object under a name, or an empty one. */
export const under = (value: unknown, name: string): Fields => {
  const inner = isFields(value) ? value[name] : undefined;
  return isFields(inner) ? inner : {};
};
/** The list under a name; null where there is none. */
export const listUnder = (value: unknown, name: string): readonly unknown[] | null => {
  const inner = isFields(value) ? value[name] : undefined;
  return Array.isArray(inner) ? inner : null;
};
export const text = (fields: Fields, name: string): string | null => {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : null;
};
const flag = (fields: Fields, name: string): boolean | null => (typeof fields[name] === 'boolean' ? fields[name] : null);
const instant = (fields: Fields, name: string): number | null => fromRfc3339(text(fields, name) ?? '');

export function identityOf(workspace: Fields): Identity | null {
  const account = text(workspace, 'workspace_id');
  // An API key has neither a name of its own nor scopes that the API would tell.
  return account === null ? null : { account, integration: '', scopes: [] };
}

/**
 * `properties.locked` is what the provider last told Seam: it carries no instant, and nothing says whether the lock
 * reported it. So the evidence is never more than assumed.
 */
export function lockOf(device: Fields): LockView | null {
  const id = text(device, 'device_id');
  if (id === null) return null;
  const properties = under(device, 'properties');
  const battery = under(properties, 'battery');
  const level = battery['level'];
  const status = text(battery, 'status');
  const locked = flag(properties, 'locked');
  const place = under(device, 'location');
  return {
    id,
    name: text(device, 'display_name') ?? text(properties, 'name') ?? '',
    bolt: locked === null ? 'unknown' : locked ? 'locked' : 'unlocked',
    evidence: locked === null ? 'unknown' : 'assumed',
    asOfMs: null,
    online: flag(properties, 'online'),
    batteryPercent: typeof level === 'number' && level >= 0 && level <= 1 ? Math.round(level * 100) : null,
    batteryLow: status === null ? null : status === 'low' || status === 'critical',
    clock: null,
    zone: text(place, 'time_zone') ?? text(place, 'timezone'),
    firmware: null,
    serial: text(properties, 'serial_number'),
    mode: null,
  };
}

/** Errors after which Seam says that a code did not reach, or did not leave, the lock. */
const failures = new Set([
  'failed_to_set_on_device',
  'failed_to_remove_from_device',
  'failed_to_issue',
  'failed_to_update',
  'failed_to_remove',
  'duplicate_code_on_device',
  'no_space_for_access_code_on_device',
  'code_constraints_violated',
]);

function wishOf(code: Fields): Pick<GrantView, 'wish' | 'sync'> {
  const status = text(code, 'status');
  const mutations = listUnder(code, 'pending_mutations')?.filter(isFields) ?? [];
  const leaving = status === 'removing' || mutations.some((mutation) => text(mutation, 'mutation_code') === 'deleting');
  const wish = leaving ? 'revoked' : 'granted';
  const errors = listUnder(code, 'errors')?.filter(isFields) ?? [];
  if (errors.some((error) => failures.has(text(error, 'error_code') ?? ''))) return { wish, sync: 'failed' };
  return { wish, sync: status === 'set' && mutations.length === 0 ? 'confirmed' : 'pending' };
}

function windowOf(code: Fields, zone: string): Window | null {
  const type = text(code, 'type');
  if (type === 'ongoing') return { startMs: null, endMs: null, zone, recurrence: null };
  const startMs = instant(code, 'starts_at');
  const endMs = instant(code, 'ends_at');
  return type === 'time_bound' && startMs !== null && endMs !== null ? { startMs, endMs, zone, recurrence: null } : null;
}

function pinOf(code: Fields, secrets: Secrets): ReadBack {
  const digits = code['code'];
  return typeof digits === 'string' ? { kind: 'plain', pin: secrets.symbolOf(digits) } : { kind: 'withheld' };
}

/** An access code as a grant. `zone` is the declared one: Seam's windows are instants and name none. */
export function grantOf(code: Fields, secrets: Secrets, zone: string): GrantView | null {
  const id = text(code, 'access_code_id');
  const lock = text(code, 'device_id');
  if (id === null || lock === null) return null;
  return {
    id,
    name: typeof code['name'] === 'string' ? code['name'] : null,
    user: null,
    lock,
    pin: pinOf(code, secrets),
    window: windowOf(code, zone),
    uses: flag(code, 'is_one_time_use') === true ? 1 : null,
    ...wishOf(code),
    external: flag(code, 'is_managed') === false,
  };
}

const causes: readonly (readonly [RegExp, NonNullable<OperationView['cause']>])[] = [
  [/jam/, 'jam'],
  [/offline|disconnected|unreachable|timeout/, 'offline'],
  [/battery|power/, 'power'],
  [/unsupported|not_supported|denied|forbidden|refused|privacy/, 'refused'],
];

export function operationOf(attempt: Fields): OperationView | null {
  const id = text(attempt, 'action_attempt_id');
  const status = text(attempt, 'status');
  if (id === null || (status !== 'pending' && status !== 'success' && status !== 'error')) return null;
  if (status !== 'error') return { id, state: status === 'success' ? 'done' : 'pending', cause: null };
  const type = text(under(attempt, 'error'), 'type') ?? '';
  return { id, state: 'failed', cause: causes.find(([words]) => words.test(type))?.[1] ?? 'other' };
}

/** Whether the lock itself said so (`result.was_confirmed_by_device`); a bare success does not tell. */
export const confirmedByDevice = (attempt: Fields): boolean => flag(under(attempt, 'result'), 'was_confirmed_by_device') === true;

const verbs: Readonly<Record<string, EventVerb>> = {
  'lock.locked': 'lock.locked',
  'lock.unlocked': 'lock.unlocked',
  'lock.access_denied': 'lock.denied',
  'device.connected': 'lock.online',
  'device.disconnected': 'lock.offline',
  'device.low_battery': 'lock.battery-low',
  'access_code.created': 'grant.created',
  'access_code.set_on_device': 'grant.set',
  'access_code.changed': 'grant.changed',
  'access_code.deleted': 'grant.revoked',
  'access_code.failed_to_set_on_device': 'grant.failed',
  'access_code.failed_to_remove_from_device': 'grant.failed',
  'access_code.deleted_external_to_seam': 'code.removed-outside',
  'access_code.unmanaged.created': 'code.added-outside',
  'access_code.unmanaged.removed': 'code.removed-outside',
  // Steps and sides of what the verbs above report.
  'access_code.removed_from_device': 'detail',
  'access_code.scheduled_on_device': 'detail',
  'access_code.name_changed': 'detail',
  'access_code.code_changed': 'detail',
  'access_code.time_frame_changed': 'detail',
  'access_code.mutations_requested': 'detail',
  'access_code.delay_in_setting_on_device': 'detail',
  'access_code.delay_in_removing_from_device': 'detail',
  'access_code.modified_external_to_seam': 'detail',
  'action_attempt.lock_door.succeeded': 'detail',
  'action_attempt.lock_door.failed': 'detail',
  'action_attempt.unlock_door.succeeded': 'detail',
  'action_attempt.unlock_door.failed': 'detail',
};
const methods: Readonly<Record<string, Method>> = {
  keycode: 'pin',
  manual: 'hand',
  automatic: 'auto',
  remote: 'remote',
  seamapi: 'remote',
  card: 'unknown',
  mobile_key: 'unknown',
  unknown: 'unknown',
};
const ofDevice = new Set(['access_code.set_on_device', 'access_code.removed_from_device']);
const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** Longest event type that is passed on. */
const maxTypeChars = 120;

export function eventOf(event: Fields): EventView | null {
  const id = text(event, 'event_id');
  const rawType = text(event, 'event_type');
  const platformMs = instant(event, 'created_at');
  if (id === null || rawType === null || platformMs === null) return null;
  const method = text(event, 'method');
  return {
    id,
    verb: own(verbs, rawType) ?? 'unknown',
    rawType: rawType.slice(0, maxTypeChars),
    lock: text(event, 'device_id'),
    user: null,
    grant: text(event, 'access_code_id'),
    integration: null,
    method: method === null ? null : (own(methods, method) ?? 'unknown'),
    // Only acts at a lock have an instant of their own; whose clock stamped `occurred_at` Seam does not say.
    deviceMs: rawType.startsWith('lock.') ? instant(event, 'occurred_at') : null,
    platformMs,
    confirmed: ofDevice.has(rawType) ? true : null,
    about: null,
    gap: null,
  };
}

const classes: readonly (readonly [RegExp, Refusal['class']])[] = [
  [/^(device_offline|device_disconnected|device_not_connected|hub_disconnected|device_removed)/, 'lock'],
  [/duplicate|already_exists|conflict/, 'conflict'],
  [/not_found$/, 'missing'],
  [/(not_supported|unsupported)/, 'unsupported'],
];

function classOf(status: number, type: string): Refusal['class'] {
  if (status === 401) return 'credential';
  if (status === 403) return 'permission';
  if (status === 429) return 'rate';
  if (status >= 500) return 'platform';
  const named = classes.find(([words]) => words.test(type))?.[1];
  if (named) return named;
  if (status === 404 || status === 410) return 'missing';
  return status === 409 ? 'conflict' : 'request';
}

/** What an error answer says. `body` is the parsed one, or anything. The platform's message is never passed on. */
export function refusalOf(status: number, headers: Readonly<Record<string, string>>, body: unknown): Refusal {
  const error = under(body, 'error');
  const type = text(error, 'type') ?? '';
  const wait = /^\d{1,6}$/.exec(headers['retry-after'] ?? '');
  return {
    class: classOf(status, type),
    code: type.replace(/[^\x20-\x7e]/g, '').slice(0, 80),
    // Seam says nothing of retries but by 429.
    retryable: status === 429 ? true : null,
    retryAfterMs: wait ? Number(wait[0]) * 1000 : null,
    first:
      text(under(error, 'data'), 'access_code_id') !== null && status === 409
        ? text(under(error, 'data'), 'access_code_id')
        : null,
  };
}
