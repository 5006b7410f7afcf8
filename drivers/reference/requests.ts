import type { Command } from '../../contract/command.ts';
import type { Change, PinSymbol, Window } from '../../contract/grant.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { HttpRequest } from '../../contract/link.ts';
import { decodeWindow, encodeTime, encodeWindow } from './codec.ts';
import { booleanOf, fieldOf, isRecord, numberOf, type JsonObject } from './json.ts';
import { hostileRequest } from './hostile.ts';
import { webhookUrl } from './webhooks.ts';

/** A command as this wire asks it, without its token. */
export interface Plan {
  /** The operation of docs/wire/openapi.yaml. */
  readonly operation: string;
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly body: string | null;
  readonly contentType: string;
  /** Idempotency key as it goes over the wire. */
  readonly key: string | null;
}

const secondMs = 1_000;
const minuteMs = 60_000;
const jsonMedia = 'application/json';
const part = encodeURIComponent;
const visible = /^[\x21-\x7e]{1,128}$/;
/** Keys that are no visible ASCII are escaped: the same key stays the same key. */
const keyOf = (key: string | undefined): string | null =>
  key === undefined ? null : visible.test(key) ? key : part(key).slice(0, 128) || null;

function query(fields: Readonly<Record<string, string | number | null | undefined>>): string {
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : `${name}=${part(value)}`,
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

const get = (operation: string, path: string): Plan => ({
  operation,
  method: 'GET',
  path,
  body: null,
  contentType: jsonMedia,
  key: null,
});
const send = (
  operation: string,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body: JsonObject | null,
  key?: string,
): Plan => ({
  operation,
  method,
  path,
  body: body === null ? null : JSON.stringify(body),
  contentType: jsonMedia,
  key: keyOf(key),
});

const encodePin = (pin: PinSymbol, secrets: Secrets): JsonObject => ({ type: 'pin', pin: secrets.digits(pin) });

/** The body of POST /v1/grants. */
export const encodeGrantRequest = (command: Extract<Command, { do: 'createGrant' }>, secrets: Secrets): JsonObject => ({
  lock: command.lock,
  user: command.user,
  name: command.name,
  credential: encodePin(command.pin, secrets),
  window: encodeWindow(command.window),
  uses: command.uses,
  ...(command.lastsMs !== undefined && { lasts_minutes: Math.ceil(command.lastsMs / minuteMs) }),
  ...(command.duress && { duress: true }),
});

/** The body of PATCH /v1/grants/{grant}: exactly the fields that change. */
export const encodeGrantChange = (change: Change, secrets: Secrets): JsonObject => ({
  ...(change.name === undefined ? {} : { name: change.name }),
  ...(change.pin === undefined ? {} : { credential: encodePin(change.pin, secrets) }),
  ...(change.window === undefined ? {} : { window: encodeWindow(change.window) }),
  ...(change.uses === undefined ? {} : { uses: change.uses }),
  ...(change.suspended === undefined ? {} : { suspended: change.suspended }),
});

/** How a command is asked on this wire; null for `refresh`, which is a matter of tokens. `receiverUrl` is the origin of our receiver. */
export function planOf(command: Command, secrets: Secrets, receiverUrl = 'https://receiver.invalid'): Plan | null {
  switch (command.do) {
    case 'identify':
      return get('readMe', '/v1/me');
    case 'listLocks':
      return get('listLocks', `/v1/locks${query({ cursor: command.cursor, limit: command.limit })}`);
    case 'readLock':
      return get('readLock', `/v1/locks/${part(command.lock)}`);
    case 'lock':
    case 'unlock': {
      const forMs = command.do === 'unlock' ? command.forMs : undefined;
      const target = command.do === 'lock' ? 'locked' : 'unlocked';
      const body = { target, ...(forMs !== undefined && { for_seconds: Math.ceil(forMs / secondMs) }) };
      return send('operateLock', 'POST', `/v1/locks/${part(command.lock)}/operations`, body, command.key);
    }
    case 'setMode':
      return send('setMode', 'PUT', `/v1/locks/${part(command.lock)}/mode`, { mode: command.mode });
    case 'scheduleMode': {
      const body = { mode: command.mode, starts_at: encodeTime(command.startMs), ends_at: encodeTime(command.endMs) };
      return send('scheduleMode', 'PUT', `/v1/locks/${part(command.lock)}/mode-schedule`, body);
    }
    case 'clearModes':
      return send('clearModes', 'DELETE', `/v1/locks/${part(command.lock)}/mode-schedule`, null);
    case 'readOperation':
      return get('readOperation', `/v1/operations/${part(command.operation)}`);
    case 'addUser':
      return send('addUser', 'POST', '/v1/users', { name: command.name }, command.key);
    case 'readUser':
      return get('readUser', `/v1/users/${part(command.user)}`);
    case 'removeUser':
      return send('removeUser', 'DELETE', `/v1/users/${part(command.user)}`, null);
    case 'renameUser':
      return send('renameUser', 'PATCH', `/v1/users/${part(command.user)}`, { name: command.name });
    case 'listUsers':
      return get('listUsers', `/v1/users${query({ cursor: command.cursor, limit: command.limit })}`);
    case 'createGrant':
      return send('createGrant', 'POST', '/v1/grants', encodeGrantRequest(command, secrets), command.key);
    case 'readGrant':
      return get('readGrant', `/v1/grants/${part(command.grant)}`);
    case 'revokeGrant':
      return send('revokeGrant', 'DELETE', `/v1/grants/${part(command.grant)}`, null);
    case 'changeGrant':
      return send('changeGrant', 'PATCH', `/v1/grants/${part(command.grant)}`, encodeGrantChange(command.change, secrets));
    case 'listGrants':
      return get('listGrants', `/v1/grants${query({ lock: command.lock, cursor: command.cursor, limit: command.limit })}`);
    case 'readEvents':
      return get('readEvents', `/v1/events${query({ after: command.after, limit: command.limit })}`);
    case 'replaceLock':
      return send('replaceLock', 'POST', `/v1/locks/${part(command.lock)}/replacement`, {});
    case 'installFirmware': {
      const body = { version: command.version, image: command.image };
      return send('installFirmware', 'POST', `/v1/locks/${part(command.lock)}/firmware`, body);
    }
    case 'addWebhook':
      return send('addWebhook', 'POST', '/v1/webhooks', { url: webhookUrl(command, receiverUrl) });
    case 'readWebhook':
      return get('readWebhook', `/v1/webhooks/${part(command.webhook)}`);
    case 'removeWebhook':
      return send('removeWebhook', 'DELETE', `/v1/webhooks/${part(command.webhook)}`, null);
    case 'listWebhooks':
      return get('listWebhooks', `/v1/webhooks${query({ cursor: command.cursor, limit: command.limit })}`);
    case 'probe': {
      const path = command.on === 'addUser' ? '/v1/users' : '/v1/grants';
      return { operation: command.on, method: 'POST', path, key: null, ...hostileRequest(command, secrets) };
    }
    default:
      return null;
  }
}

/** What a body of POST /v1/grants asks; call it after `requestFaults` found none. Null where it cannot be read. */
export interface GrantAsked {
  readonly lock: string;
  readonly user: string | null;
  readonly name: string;
  readonly digits: string;
  readonly window: Window;
  readonly uses: number | null;
  /** For how long from its first use on; null where that ends nothing. */
  readonly lastsMs: number | null;
  readonly duress: boolean;
}

const wholeText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Window of a request, every text as it came; null where it cannot be read. */
function windowAsked(value: unknown): Window | null {
  const window = decodeWindow(value);
  const zone = wholeText(fieldOf(value, 'zone'));
  return window === null || zone === null ? null : { ...window, zone };
}

export function decodeGrantRequest(body: unknown): GrantAsked | null {
  const lock = wholeText(fieldOf(body, 'lock'));
  const user = fieldOf(body, 'user');
  const name = wholeText(fieldOf(body, 'name'));
  const digits = wholeText(fieldOf(fieldOf(body, 'credential'), 'pin'));
  const window = windowAsked(fieldOf(body, 'window'));
  const uses = fieldOf(body, 'uses');
  if (lock === null || name === null || digits === null || window === null) return null;
  if ((user !== null && typeof user !== 'string') || (uses !== null && numberOf(uses) === null)) return null;
  const minutes = numberOf(fieldOf(body, 'lasts_minutes'));
  const lastsMs = minutes === null ? null : minutes * minuteMs;
  return { lock, user, name, digits, window, uses: numberOf(uses), lastsMs, duress: fieldOf(body, 'duress') === true };
}

/** What a body of PATCH /v1/grants/{grant} changes; a field that is absent stays as it is. */
export interface ChangeAsked {
  readonly name?: string;
  readonly digits?: string;
  readonly window?: Window;
  readonly uses?: number | null;
  readonly suspended?: boolean;
}

export function decodeGrantChange(body: unknown): ChangeAsked | null {
  if (!isRecord(body)) return null;
  const has = (name: string): boolean => Object.hasOwn(body, name);
  const name = wholeText(body['name']);
  const digits = wholeText(fieldOf(body['credential'], 'pin'));
  const window = windowAsked(body['window']);
  const uses = numberOf(body['uses']);
  const suspended = booleanOf(body['suspended']);
  if ((has('name') && name === null) || (has('credential') && digits === null) || (has('window') && window === null)) return null;
  if ((has('uses') && uses === null && body['uses'] !== null) || (has('suspended') && suspended === null)) return null;
  return {
    ...(name === null ? {} : { name }),
    ...(digits === null ? {} : { digits }),
    ...(window === null ? {} : { window }),
    ...(has('uses') ? { uses } : {}),
    ...(suspended === null ? {} : { suspended }),
  };
}
