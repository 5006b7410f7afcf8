import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { declarationSchema, type Declaration } from '../../contract/declaration.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { Actor } from '../../contract/command.ts';
import type { Twin } from '../../contract/vendor.ts';
import { virtualClock, type VirtualClock } from '../../simulators/clock.ts';
import type { Fault } from '../../simulators/decisions.ts';
import { seededRandom } from '../../simulators/random.ts';
import { fieldOf, type Json } from './json.ts';
import { twin as makeTwin } from './twin.ts';
import { answerFaults, operations } from './wire.ts';

const file: unknown = parse(readFileSync(new URL('../../targets/reference-twin.yaml', import.meta.url), 'utf8'));
/** What the reference twin declares. */
export const reference: Declaration = declarationSchema.parse(fieldOf(file, 'declaration'));
/** Monday 2026-06-01T08:00:00Z. */
export const startMs = 1_780_300_800_000;

/** Digits by symbol, for tests that look at them. */
export function plainSecrets(): Secrets {
  const digits = (pin: string): string => (/^\d+$/.test(pin) ? pin : '0000');
  return { digits, symbolOf: (text) => text, seenIn: () => [], redact: (text) => text, keep: () => undefined };
}

/** One answer, already held against the document. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A caller of the twin's wire. */
export interface Asker {
  ask(as: Actor, method: string, path: string, body?: Json, headers?: Readonly<Record<string, string>>): Promise<Told>;
  token(as: Actor): Promise<string>;
  form(as: Actor, path: string, form: Readonly<Record<string, string>>): Promise<Told>;
  readonly twin: Twin;
  readonly clock: VirtualClock['clock'];
  /** Where answers departed from the document, with the operation. */
  readonly faults: string[];
  readonly log: string[];
}

function operationOf(method: string, path: string): string {
  const [plain = ''] = path.split('?');
  const found = operations().find(
    (one) => one.method === method && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain),
  );
  return found?.id ?? '';
}

async function told(response: Response): Promise<Told> {
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, headers: response.headers, body };
}

function asker(twin: Twin, clock: VirtualClock['clock']): Asker {
  const faults: string[] = [];
  const log: string[] = [];
  const tokens = new Map<Actor, string>();
  const check = (method: string, path: string, answer: Told): Told => {
    const id = operationOf(method, path);
    const headers = Object.fromEntries(answer.headers);
    log.push(`${clock.nowMs()} ${method} ${path} ${answer.status} ${JSON.stringify(answer.body)}`);
    if (id === '') return answer;
    for (const fault of answerFaults(id, answer.status, answer.headers.get('content-type'), answer.body, headers)) {
      faults.push(`${id} ${answer.status} ${fault}`);
    }
    return answer;
  };
  const send = async (method: string, path: string, init: RequestInit): Promise<Told> =>
    check(method, path, await told(await twin.fetch(new Request(`http://twin.test${path}`, { method, ...init }))));
  const form = (as: Actor, path: string, fields: Readonly<Record<string, string>>): Promise<Told> => {
    const { clientId = '', clientSecret = '' } = twin.access[as] ?? {};
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
    const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
    return send('POST', path, { headers, body: new URLSearchParams(fields).toString() });
  };
  const token = async (as: Actor): Promise<string> => {
    const known = tokens.get(as);
    if (known !== undefined) return known;
    const answer = await form(as, '/oauth/token', { grant_type: 'client_credentials' });
    const access = String(fieldOf(answer.body, 'access_token'));
    tokens.set(as, access);
    return access;
  };
  return {
    twin,
    clock,
    faults,
    log,
    form,
    token,
    ask: async (as, method, path, body, headers = {}) => {
      const auth: Record<string, string> = as === 'nobody' ? {} : { authorization: `Bearer ${await token(as)}` };
      const typed: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      return send(method, path, { headers: { ...auth, ...typed, ...headers }, ...text });
    },
  };
}

/** Runs a scenario on a fresh twin in virtual time. */
export async function scenario<T>(
  main: (at: Asker) => Promise<T>,
  options: { readonly seed?: number; readonly declaration?: Declaration; readonly faults?: readonly Fault[] } = {},
): Promise<T> {
  const virtual = virtualClock({ startMs, limitMs: 2 * 366 * 86_400_000 });
  const world = { clock: virtual.clock, random: seededRandom(options.seed ?? 1) };
  return virtual.run(async () => {
    const twin = await makeTwin(world, options.declaration ?? reference, plainSecrets(), options.faults ?? []);
    try {
      return await main(asker(twin, virtual.clock));
    } finally {
      await twin.close();
    }
  });
}

/** The body of a grant request. */
export const grantBody = (lock: string, pin: string, more: Readonly<Record<string, Json>> = {}): Json => ({
  lock,
  user: null,
  name: `grant ${pin.length}`,
  credential: { type: 'pin', pin },
  window: { starts_at: null, ends_at: null, zone: 'Europe/Berlin', recurrence: null },
  uses: null,
  ...more,
});

/** The id in a body. */
export const idOf = (body: unknown): string => String(fieldOf(body, 'id'));
/** The door at which the hand stands. */
export const doorOf = (at: Asker): string => at.twin.locks[0] ?? '';
/** What is said of a grant's way to the lock. */
export const syncOf = async (at: Asker, grant: string): Promise<unknown> =>
  fieldOf((await at.ask('owner', 'GET', `/v1/grants/${grant}`)).body, 'sync');

/** Waits until a grant is no longer pending. */
export async function settled(at: Asker, grant: string, limitMs = 20_000): Promise<unknown> {
  const untilMs = at.clock.nowMs() + limitMs;
  while ((await syncOf(at, grant)) === 'pending' && at.clock.nowMs() < untilMs) await at.clock.sleep(200);
  return syncOf(at, grant);
}

/** The types of all events, oldest first. */
export async function typesOf(at: Asker): Promise<string[]> {
  const types: string[] = [];
  let after = '';
  for (;;) {
    const { body } = await at.ask('owner', 'GET', `/v1/events${after}`);
    const items = fieldOf(body, 'items');
    if (!Array.isArray(items) || items.length === 0) return types;
    for (const item of items) types.push(String(fieldOf(item, 'type')));
    after = `?after=${encodeURIComponent(String(fieldOf(body, 'next')))}`;
  }
}
