import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { test } from 'vitest';
import { runSecrets } from '../../harness/secrets.ts';
import {
  confirmedByDevice,
  eventOf,
  grantOf,
  identityOf,
  isFields,
  listUnder,
  lockOf,
  operationOf,
  refusalOf,
  under,
} from './codec.ts';
import type { Fields } from './codec.ts';
import { accessCodeShape, attemptShape, deviceShape, errorShape, eventShape, faultsOf, workspaceShape } from './schema.ts';

interface Vector {
  readonly name: string;
  readonly reply: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
}
const { vectors } = JSON.parse(readFileSync(new URL('vectors/fake.json', import.meta.url), 'utf8')) as { vectors: Vector[] };
const secrets = runSecrets(7, { minDigits: 4, maxDigits: 8 });
const zone = 'America/Los_Angeles';

function reply(name: string): Vector['reply'] {
  const vector = vectors.find((one) => one.name === name);
  if (!vector) throw new Error(`no vector ${name}`);
  return vector.reply;
}
const body = (name: string): Fields => {
  const json: unknown = JSON.parse(reply(name).body);
  return isFields(json) ? json : {};
};

test('a lock is what Seam was told of it, and never confirmed', ({ expect }) => {
  expect(lockOf(under(body('lock'), 'device'))).toEqual({
    id: 'august_device_1',
    name: 'Smart Device',
    bolt: 'locked',
    evidence: 'assumed',
    asOfMs: null,
    online: true,
    batteryPercent: 100,
    batteryLow: false,
    clock: null,
    zone: null,
    firmware: null,
    serial: null,
    mode: null,
  });
  expect(lockOf({ device_id: 'd' })).toMatchObject({ bolt: 'unknown', evidence: 'unknown', online: null });
  expect(identityOf(under(body('workspace'), 'workspace'))?.account).toBe('seed_workspace_1');
});

test('an ongoing code is unbounded, and pending until it is set', ({ expect }) => {
  const code = under(body('code, ongoing'), 'access_code');
  expect(grantOf(code, secrets, zone)).toMatchObject({
    name: 'Anna',
    lock: 'august_device_1',
    pin: { kind: 'plain', pin: 'other' },
    window: { startMs: null, endMs: null, zone, recurrence: null },
    wish: 'granted',
    sync: 'pending',
    external: false,
  });
  expect(grantOf({ ...code, status: 'set' }, secrets, zone)?.sync).toBe('confirmed');
  expect(grantOf({ ...code, status: 'set', pending_mutations: [{ mutation_code: 'updating_code' }] }, secrets, zone)?.sync).toBe(
    'pending',
  );
  expect(grantOf({ ...code, status: 'removing' }, secrets, zone)).toMatchObject({ wish: 'revoked', sync: 'pending' });
  const errors = [{ error_code: 'failed_to_set_on_device', message: '' }];
  expect(grantOf({ ...code, errors }, secrets, zone)?.sync).toBe('failed');
  expect(grantOf({ ...code, code: secrets.digits('zero1') }, secrets, zone)?.pin).toEqual({ kind: 'plain', pin: 'zero1' });
  expect(grantOf({ ...code, code: null }, secrets, zone)?.pin).toEqual({ kind: 'withheld' });
});

test('windows are instants, whatever offset they were asked with', ({ expect }) => {
  const code = under(body('code, time bound'), 'access_code');
  expect(grantOf(code, secrets, zone)?.window).toMatchObject({
    startMs: 1_806_193_800_000,
    endMs: 1_806_228_000_000,
  });
  // What the fake makes of a rename: an ongoing code that still has bounds. The type is what counts, and it is named.
  const renamed = under(body('code, read after it was renamed'), 'access_code');
  expect(grantOf(renamed, secrets, zone)?.window).toMatchObject({ startMs: null, endMs: null });
  expect(faultsOf(accessCodeShape, renamed, 'access_code')).toEqual(['access_code.type']);
});

test('codes set outside Seam are external', ({ expect }) => {
  const codes = listUnder(body('codes, set outside'), 'access_codes')?.filter(isFields) ?? [];
  expect(codes.map((code) => grantOf(code, secrets, zone)?.external)).toEqual([true]);
});

test('an attempt that succeeded is done, but only the device confirms it', ({ expect }) => {
  const [pending, done, failed] = ['unlock', 'attempt', 'attempt, failed'].map((name) => under(body(name), 'action_attempt'));
  expect([pending, done, failed].map((attempt) => operationOf(attempt ?? {})?.state)).toEqual(['pending', 'done', 'failed']);
  expect(operationOf(failed ?? {})?.cause).toBe('offline');
  expect(confirmedByDevice(done ?? {})).toBe(false);
  expect(confirmedByDevice({ ...done, result: { was_confirmed_by_device: true } })).toBe(true);
});

test('events get the contract’s verbs, and keep their own', ({ expect }) => {
  const events = (listUnder(body('events'), 'events')?.filter(isFields) ?? []).map(eventOf);
  expect(events.map((event) => event?.verb)).toEqual([
    'lock.online',
    'grant.created',
    'grant.created',
    'lock.unlocked',
    'grant.revoked',
  ]);
  const unlocked = events.find((event) => event?.verb === 'lock.unlocked');
  expect(unlocked).toMatchObject({ rawType: 'lock.unlocked', lock: 'august_device_1', method: null, confirmed: null });
  expect(unlocked?.deviceMs).toBeTypeOf('number');
  expect(events[1]?.deviceMs).toBeNull();
  const [raw = {}] = listUnder(body('events'), 'events')?.filter(isFields) ?? [];
  expect(eventOf({ ...raw, event_type: 'lock.sneezed' })).toMatchObject({ verb: 'unknown', rawType: 'lock.sneezed' });
  expect(eventOf({ ...raw, event_type: 'constructor' })?.verb).toBe('unknown');
  expect(eventOf({ ...raw, event_type: 'lock.unlocked', method: 'keycode' })?.method).toBe('pin');
});

test('refusals carry class and type, never the message', ({ expect }) => {
  const of = (name: string): unknown => {
    const { status, headers } = reply(name);
    return refusalOf(status, headers, status === 400 && name === 'code, not JSON' ? null : body(name));
  };
  expect(of('code, repeated')).toMatchObject({ class: 'conflict', code: 'duplicate_access_code', retryable: null, first: null });
  expect(of('code, half a window')).toMatchObject({ class: 'request', code: 'invalid_input' });
  expect(of('code, not JSON')).toMatchObject({ class: 'request', code: '' });
  expect(of('code, deleted again')).toMatchObject({ class: 'missing', code: 'access_code_not_found' });
  expect(of('locks without a key')).toMatchObject({ class: 'credential', code: 'unauthorized' });
  expect(of('lock of another workspace')).toMatchObject({ class: 'missing' });
  expect(refusalOf(429, { 'retry-after': '7' }, {})).toMatchObject({ class: 'rate', retryable: true, retryAfterMs: 7000 });
  expect(refusalOf(503, {}, '')).toMatchObject({ class: 'platform', retryable: null });
  expect(refusalOf(400, {}, { error: { type: 'device_offline' } })).toMatchObject({ class: 'lock' });
});

test('recorded answers keep to the published shapes, but for what is known', ({ expect }) => {
  const faults = [
    faultsOf(workspaceShape, under(body('workspace'), 'workspace'), 'workspace'),
    faultsOf(deviceShape, under(body('lock'), 'device'), 'device'),
    faultsOf(accessCodeShape, under(body('code, ongoing'), 'access_code'), 'access_code'),
    faultsOf(attemptShape, under(body('attempt'), 'action_attempt'), 'action_attempt'),
    ...(listUnder(body('events'), 'events') ?? []).map((event, i) => faultsOf(eventShape, event, `events.${String(i)}`)),
    faultsOf(errorShape, body('code, repeated'), 'body'),
  ];
  expect(faults.flat()).toEqual([]);
  expect(faultsOf(errorShape, 'Invalid JSON', 'body')).toEqual(['body']);
});

/** Recorded objects with some of their fields replaced by anything. */
const bent = fc
  .tuple(
    fc.constantFrom(...vectors.map((vector) => vector.reply.body)),
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.jsonValue(),
    fc.nat(),
  )
  .map(([text, extra, value, pick]): unknown => {
    try {
      return JSON.parse(text, function replaced(this: unknown, key, inner: unknown) {
        if (key.length > 0 && key.length % 5 === pick % 5) return value;
        return isFields(inner) ? { ...inner, ...extra } : inner;
      });
    } catch {
      return text;
    }
  });

test('nothing that a platform says makes the codec throw', ({ expect }) => {
  const shapes = [workspaceShape, deviceShape, accessCodeShape, attemptShape, eventShape, errorShape];
  let viewed = 0;
  fc.assert(
    fc.property(fc.oneof(bent, fc.jsonValue()), fc.integer({ min: 100, max: 999 }), (json, status) => {
      const objects = [
        json,
        ...Object.values(isFields(json) ? json : {}).flatMap((value) => (Array.isArray(value) ? value : [value])),
      ];
      for (const object of objects) {
        for (const shape of shapes) faultsOf(shape, object, 'at');
        const refusal = refusalOf(status, {}, object);
        if (refusal.code.length > 80) throw new Error('code too long');
        if (!isFields(object)) continue;
        const seen = [identityOf(object), lockOf(object), grantOf(object, secrets, zone), operationOf(object), eventOf(object)];
        viewed += seen.filter((view) => view !== null).length;
      }
    }),
    { seed: 1, numRuns: 2000 },
  );
  expect(viewed).toBeGreaterThan(500);
});
