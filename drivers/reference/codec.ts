import { eventVerbs, type EventView, type EventVerb, type Method } from '../../contract/event.ts';
import { modes } from '../../contract/mode.ts';
import type { Window } from '../../contract/grant.ts';
import type { GrantView, Identity, LockView, OperationView, Page, ReadBack, UserView } from '../../contract/view.ts';
import type { Secrets } from '../../contract/secrets.ts';
import { fromRfc3339, toRfc3339 } from '../../contract/time.ts';
import { booleanOf, fieldOf, idOf, numberOf, textOf, wordOf, type Json, type JsonObject } from './json.ts';

/** Most items that a page of the target may hold; the rest is dropped (the schema finds fault with it). */
export const maxItems = 1000;

const minuteMs = 60_000;
const bolts = ['locked', 'unlocked', 'jammed', 'unknown'] as const;
const evidences = ['confirmed', 'assumed', 'unknown'] as const;
const states = ['pending', 'done', 'failed', 'expired'] as const;
const causes = ['jam', 'offline', 'refused', 'power', 'other'] as const;
const wishes = ['granted', 'suspended', 'revoked'] as const;
const syncs = ['pending', 'confirmed', 'failed'] as const;
const readBacks = ['masked', 'hashed', 'withheld'] as const;
const methods: readonly Method[] = ['pin', 'remote', 'hand', 'auto', 'keypad-admin', 'unknown'];

/** Epoch ms of a time on the wire; null for null and for what is no time. */
export const decodeTime = (value: unknown): number | null => (typeof value === 'string' ? fromRfc3339(value) : null);
export const encodeTime = (ms: number | null): string | null => (ms === null ? null : toRfc3339(ms));

export const encodeMe = (view: Identity): JsonObject => ({
  account: view.account,
  integration: view.integration,
  scopes: [...view.scopes],
});

export function decodeMe(value: unknown): Identity | null {
  const account = idOf(fieldOf(value, 'account'));
  const integration = idOf(fieldOf(value, 'integration'));
  const scopes = fieldOf(value, 'scopes');
  if (account === null || integration === null || !Array.isArray(scopes)) return null;
  return { account, integration, scopes: scopes.slice(0, 40).flatMap((scope) => textOf(scope, 40) ?? []) };
}

export const encodeLock = (view: LockView): JsonObject => ({
  id: view.id,
  name: view.name,
  state: { bolt: view.bolt, evidence: view.evidence, as_of: encodeTime(view.asOfMs) },
  online: view.online,
  battery: { percent: view.batteryPercent, low: view.batteryLow },
  clock: view.clock,
  zone: view.zone,
  firmware: view.firmware,
  serial: view.serial,
  mode: view.mode,
});

/** What cannot be read is unknown, never a default that could be taken for a report. */
export function decodeLock(value: unknown): LockView | null {
  const id = idOf(fieldOf(value, 'id'));
  const state = fieldOf(value, 'state');
  const battery = fieldOf(value, 'battery');
  if (id === null) return null;
  const bolt = wordOf(fieldOf(state, 'bolt'), bolts) ?? 'unknown';
  return {
    id,
    name: textOf(fieldOf(value, 'name')) ?? '',
    bolt,
    evidence: wordOf(fieldOf(state, 'evidence'), evidences) ?? 'unknown',
    asOfMs: decodeTime(fieldOf(state, 'as_of')),
    online: booleanOf(fieldOf(value, 'online')),
    batteryPercent: numberOf(fieldOf(battery, 'percent')),
    batteryLow: booleanOf(fieldOf(battery, 'low')),
    clock: wordOf(fieldOf(value, 'clock'), ['synced', 'unsynced']),
    zone: textOf(fieldOf(value, 'zone'), 60),
    firmware: textOf(fieldOf(value, 'firmware'), 80),
    serial: textOf(fieldOf(value, 'serial'), 80),
    mode: wordOf(fieldOf(value, 'mode'), modes),
  };
}

/** An operation as the platform knows it. Times are epoch ms; `target` is a bolt state, a mode or a firmware version. */
export interface OperationFacts extends OperationView {
  readonly kind: 'bolt' | 'mode' | 'mode-schedule' | 'firmware';
  readonly lock: string;
  readonly target: string;
  readonly createdMs: number;
  readonly expiresMs: number;
}

export const encodeOperation = (facts: OperationFacts): JsonObject => ({
  id: facts.id,
  kind: facts.kind,
  lock: facts.lock,
  target: facts.target,
  state: facts.state,
  cause: facts.cause,
  created_at: toRfc3339(facts.createdMs),
  expires_at: toRfc3339(facts.expiresMs),
});

export function decodeOperation(value: unknown): OperationView | null {
  const id = idOf(fieldOf(value, 'id'));
  const state = wordOf(fieldOf(value, 'state'), states);
  if (id === null || state === null) return null;
  const cause = fieldOf(value, 'cause');
  return { id, state, cause: wordOf(cause, causes) ?? (typeof cause === 'string' ? 'other' : null) };
}

export const encodeUser = (view: UserView): JsonObject => ({ id: view.id, name: view.name });

export function decodeUser(value: unknown): UserView | null {
  const id = idOf(fieldOf(value, 'id'));
  const name = textOf(fieldOf(value, 'name'));
  return id === null || name === null ? null : { id, name };
}

export const encodeWindow = (window: Window): JsonObject => ({
  starts_at: encodeTime(window.startMs),
  ends_at: encodeTime(window.endMs),
  zone: window.zone,
  recurrence:
    window.recurrence === null ? null : { rule: window.recurrence.rule, from: window.recurrence.from, to: window.recurrence.to },
});

/** Null unless every part can be read: half a window would be another window. */
export function decodeWindow(value: unknown): Window | null {
  const starts = fieldOf(value, 'starts_at');
  const ends = fieldOf(value, 'ends_at');
  const zone = textOf(fieldOf(value, 'zone'), 60);
  const recurrence = fieldOf(value, 'recurrence');
  const [startMs, endMs] = [decodeTime(starts), decodeTime(ends)];
  if (zone === null || (startMs === null && starts !== null) || (endMs === null && ends !== null)) return null;
  if (recurrence === null) return { startMs, endMs, zone, recurrence };
  const rule = textOf(fieldOf(recurrence, 'rule'), 60);
  const from = textOf(fieldOf(recurrence, 'from'), 5);
  const to = textOf(fieldOf(recurrence, 'to'), 5);
  return rule === null || from === null || to === null ? null : { startMs, endMs, zone, recurrence: { rule, from, to } };
}

/** A grant as the platform knows it: the digits stand where the contract has a symbol. */
export interface GrantFacts extends Omit<GrantView, 'pin'> {
  readonly pin: { readonly kind: 'plain'; readonly digits: string } | { readonly kind: 'masked' | 'hashed' | 'withheld' };
  readonly integration: string | null;
  readonly createdMs: number;
}

export const encodeGrant = (facts: GrantFacts): JsonObject => ({
  id: facts.id,
  lock: facts.lock,
  user: facts.user,
  name: facts.name,
  credential: {
    type: 'pin',
    readback: facts.pin.kind,
    ...(facts.pin.kind === 'plain' ? { pin: facts.pin.digits } : {}),
  },
  window: facts.window === null ? null : encodeWindow(facts.window),
  uses: facts.uses,
  ...(typeof facts.lastsMs === 'number' && { lasts_minutes: facts.lastsMs / minuteMs }),
  ...(facts.duress !== undefined && { duress: facts.duress }),
  wish: facts.wish,
  sync: facts.sync,
  external: facts.external,
  integration: facts.integration,
  created_at: toRfc3339(facts.createdMs),
});

function decodeReadBack(value: unknown, secrets: Secrets): ReadBack {
  const digits = fieldOf(value, 'pin');
  if (fieldOf(value, 'readback') === 'plain' && typeof digits === 'string') {
    return { kind: 'plain', pin: /^\d{1,64}$/.test(digits) ? secrets.symbolOf(digits) : 'other' };
  }
  return { kind: wordOf(fieldOf(value, 'readback'), readBacks) ?? 'withheld' };
}

/** What is left out is said too: there is no such end. */
function decodeLasts(value: unknown): number | null {
  const minutes = numberOf(fieldOf(value, 'lasts_minutes'));
  return minutes === null ? null : minutes * minuteMs;
}

export function decodeGrant(value: unknown, secrets: Secrets): GrantView | null {
  const id = idOf(fieldOf(value, 'id'));
  const lock = idOf(fieldOf(value, 'lock'));
  const wish = wordOf(fieldOf(value, 'wish'), wishes);
  const sync = wordOf(fieldOf(value, 'sync'), syncs);
  const duress = booleanOf(fieldOf(value, 'duress'));
  if (id === null || lock === null || wish === null || sync === null) return null;
  return {
    id,
    name: textOf(fieldOf(value, 'name')),
    user: idOf(fieldOf(value, 'user')),
    lock,
    pin: decodeReadBack(fieldOf(value, 'credential'), secrets),
    window: decodeWindow(fieldOf(value, 'window')),
    uses: numberOf(fieldOf(value, 'uses')),
    lastsMs: decodeLasts(value),
    ...(duress !== null && { duress }),
    wish,
    sync,
    external: fieldOf(value, 'external') === true,
  };
}

export const encodeEvent = (view: EventView): JsonObject => ({
  specversion: '1.0',
  id: view.id,
  source: view.lock === null ? '/v1' : `/v1/locks/${view.lock}`,
  type: view.rawType,
  ...(view.lock === null ? {} : { subject: view.lock }),
  time: toRfc3339(view.platformMs),
  datacontenttype: 'application/json',
  data: {
    lock: view.lock,
    user: view.user,
    grant: view.grant,
    integration: view.integration,
    method: view.method,
    device_time: encodeTime(view.deviceMs),
    confirmed: view.confirmed,
    about: view.about,
    gap: view.gap === null ? null : { from: toRfc3339(view.gap.fromMs), to: toRfc3339(view.gap.toMs) },
  },
});

/** A type that is not in the vocabulary keeps its text and has verb `unknown`. */
export function decodeEvent(value: unknown): EventView | null {
  const id = idOf(fieldOf(value, 'id'));
  const rawType = textOf(fieldOf(value, 'type'), 80);
  const platformMs = decodeTime(fieldOf(value, 'time'));
  if (id === null || rawType === null || platformMs === null) return null;
  const data = fieldOf(value, 'data');
  const gap = fieldOf(data, 'gap');
  const fromMs = decodeTime(fieldOf(gap, 'from'));
  const toMs = decodeTime(fieldOf(gap, 'to'));
  const method = fieldOf(data, 'method');
  const verb: EventVerb = wordOf(rawType, eventVerbs) ?? 'unknown';
  return {
    id,
    verb,
    rawType,
    lock: idOf(fieldOf(data, 'lock')),
    user: idOf(fieldOf(data, 'user')),
    grant: idOf(fieldOf(data, 'grant')),
    integration: idOf(fieldOf(data, 'integration')),
    method: wordOf(method, methods) ?? (typeof method === 'string' ? 'unknown' : null),
    deviceMs: decodeTime(fieldOf(data, 'device_time')),
    platformMs,
    confirmed: booleanOf(fieldOf(data, 'confirmed')),
    about: idOf(fieldOf(data, 'about')),
    gap: fromMs === null || toMs === null ? null : { fromMs, toMs },
  };
}

export const encodePage = (items: readonly Json[], next: string | null): JsonObject => ({ items, next });

/** `horizonMs`: the instant before which events are gone; null while everything is kept. */
export const encodeFeed = (events: readonly EventView[], next: string, horizonMs: number | null): JsonObject => ({
  items: events.map(encodeEvent),
  next,
  horizon: horizonMs === null ? null : { lost_before: toRfc3339(horizonMs) },
});

/** One odd item does not break a page: it is left out, and the schema finds fault with it. */
export function decodePage<T>(value: unknown, item: (value: unknown) => T | null): Page<T> | null {
  const items = fieldOf(value, 'items');
  if (!Array.isArray(items)) return null;
  const read = items.slice(0, maxItems).flatMap((one) => item(one) ?? []);
  return { items: read, cursor: textOf(fieldOf(value, 'next'), 200) };
}
