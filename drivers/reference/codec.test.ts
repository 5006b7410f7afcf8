import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { eventVerbs, type EventView } from '../../contract/event.ts';
import { modes } from '../../contract/mode.ts';
import type { Window } from '../../contract/grant.ts';
import type { LockView } from '../../contract/view.ts';
import {
  decodeEvent,
  decodeGrant,
  decodeLock,
  decodeMe,
  decodeOperation,
  decodePage,
  decodeUser,
  decodeWindow,
  encodeEvent,
  encodeFeed,
  encodeGrant,
  encodeLock,
  encodeMe,
  encodeOperation,
  encodePage,
  encodeUser,
  encodeWindow,
  maxItems,
  type GrantFacts,
  type OperationFacts,
} from './codec.ts';
import { decodeProblem, encodeProblem } from './refusal.ts';
import { decodeToken, encodeToken } from './token.ts';
import { decodeGrantChange, decodeGrantRequest, encodeGrantChange, encodeGrantRequest } from './requests.ts';
import { answerFaults, requestFaults } from './wire.ts';
import { tableSecrets } from './script.fixture.ts';

const settings = { seed: 20270301, numRuns: 300 };
const secrets = tableSecrets();
/** By way of the text, as it travels. */
const over = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const ms = fc.integer({ min: 0, max: 4_000_000_000_000 });
const name = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text));
const clockTime = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
const recurrence = fc.record({ rule: fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,SU'), from: clockTime, to: clockTime });
const window: fc.Arbitrary<Window> = fc.record({
  startMs: orNull(ms),
  endMs: orNull(ms),
  zone: fc.constantFrom('Europe/Berlin', 'UTC', 'Asia/Kathmandu'),
  recurrence: orNull(recurrence),
});
const uses = orNull(fc.integer({ min: 1, max: 1_000_000 }));
const pin = fc.constantFrom('zero1', 'plain1');

const lockView: fc.Arbitrary<LockView> = fc.record({
  id,
  name,
  bolt: fc.constantFrom('locked', 'unlocked', 'jammed', 'unknown'),
  evidence: fc.constantFrom('confirmed', 'assumed', 'unknown'),
  asOfMs: orNull(ms),
  online: orNull(fc.boolean()),
  batteryPercent: orNull(fc.integer({ min: 0, max: 100 })),
  batteryLow: orNull(fc.boolean()),
  clock: orNull(fc.constantFrom('synced' as const, 'unsynced' as const)),
  zone: orNull(fc.constant('Europe/Berlin')),
  firmware: orNull(fc.constant('1.0.0')),
  serial: orNull(fc.constant('SN-1')),
  mode: orNull(fc.constantFrom(...modes)),
});
const minutes = fc.integer({ min: 1, max: 65_535 }).map((count) => count * 60_000);
const plainFacts: fc.Arbitrary<GrantFacts> = fc.record({
  id,
  lock: id,
  user: orNull(id),
  name: orNull(name),
  pin: fc.constantFrom<GrantFacts['pin'][]>(
    { kind: 'plain', digits: '0123' },
    { kind: 'masked' },
    { kind: 'hashed' },
    { kind: 'withheld' },
  ),
  window: orNull(window),
  uses,
  lastsMs: orNull(minutes),
  wish: fc.constantFrom('granted', 'suspended', 'revoked'),
  sync: fc.constantFrom('pending', 'confirmed', 'failed'),
  external: fc.boolean(),
  integration: orNull(id),
  createdMs: ms,
});
const grantFacts = fc
  .tuple(plainFacts, orNull(fc.boolean()))
  .map(([facts, duress]): GrantFacts => ({ ...facts, ...(duress !== null && { duress }) }));
const operationFacts: fc.Arbitrary<OperationFacts> = fc.record({
  id,
  kind: fc.constantFrom('bolt', 'firmware'),
  lock: id,
  target: fc.constantFrom('locked', '1.1.0'),
  state: fc.constantFrom('pending', 'done', 'failed', 'expired'),
  cause: orNull(fc.constantFrom('jam' as const, 'offline' as const, 'refused' as const, 'power' as const, 'other' as const)),
  createdMs: ms,
  expiresMs: ms,
});
const eventView: fc.Arbitrary<EventView> = fc
  .record({
    id,
    rawType: fc.constantFrom(...eventVerbs, 'maker.new-thing'),
    lock: orNull(id),
    user: orNull(id),
    grant: orNull(id),
    integration: orNull(id),
    method: orNull(fc.constantFrom('pin' as const, 'remote' as const, 'hand' as const, 'auto' as const, 'keypad-admin' as const)),
    deviceMs: orNull(ms),
    platformMs: ms,
    confirmed: orNull(fc.boolean()),
    about: orNull(id),
    gap: orNull(fc.record({ fromMs: ms, toMs: ms })),
  })
  .map((event) => ({ ...event, verb: eventVerbs.find((verb) => verb === event.rawType) ?? 'unknown' }));

test('locks, operations, users and identities come back as they went, and fit the document', () => {
  fc.assert(
    fc.property(lockView, operationFacts, id, name, (lock, facts, userId, userName) => {
      const { id: operation, state, cause } = facts;
      const user = { id: userId, name: userName };
      const me = { account: userId, integration: operation, scopes: ['locks:read'] };
      expect(decodeLock(over(encodeLock(lock)))).toEqual(lock);
      expect(decodeOperation(over(encodeOperation(facts)))).toEqual({ id: operation, state, cause });
      expect(decodeUser(over(encodeUser(user)))).toEqual(user);
      expect(decodeMe(over(encodeMe(me)))).toEqual(me);
      expect(answerFaults('readLock', 200, 'application/json', encodeLock(lock))).toEqual([]);
      expect(answerFaults('readOperation', 200, 'application/json', encodeOperation(facts))).toEqual([]);
      expect(answerFaults('readUser', 200, 'application/json', encodeUser(user))).toEqual([]);
      expect(answerFaults('readMe', 200, 'application/json; charset=utf-8', encodeMe(me))).toEqual([]);
    }),
    settings,
  );
});

test('grants come back with symbols for digits, and fit the document', () => {
  fc.assert(
    fc.property(grantFacts, (facts) => {
      const { integration: _maker, createdMs: _made, pin: shown, ...rest } = facts;
      const readBack = shown.kind === 'plain' ? { kind: 'plain', pin: 'zero1' } : shown;
      expect(decodeGrant(over(encodeGrant(facts)), secrets)).toEqual({ ...rest, pin: readBack });
      expect(answerFaults('readGrant', 200, 'application/json', encodeGrant(facts))).toEqual([]);
    }),
    settings,
  );
});

test('events and pages come back in order, and fit the document', () => {
  fc.assert(
    fc.property(
      fc.array(eventView, { maxLength: 4 }),
      orNull(ms),
      fc.array(grantFacts, { maxLength: 3 }),
      (events, horizonMs, grants) => {
        const feed = encodeFeed(events, 'ev-1', horizonMs);
        expect(decodePage(over(feed), decodeEvent)).toEqual({ items: events, cursor: 'ev-1' });
        expect(answerFaults('readEvents', 200, 'application/json', feed)).toEqual([]);
        const page = encodePage(grants.map(encodeGrant), null);
        expect(decodePage(over(page), (item) => decodeGrant(item, secrets))?.items.map((grant) => grant.id)).toEqual(
          grants.map((grant) => grant.id),
        );
        expect(answerFaults('listGrants', 200, 'application/json', page)).toEqual([]);
      },
    ),
    settings,
  );
});

test('what the driver asks is what the platform reads, and fits the document', () => {
  fc.assert(
    fc.property(id, orNull(id), name, pin, window, uses, orNull(minutes), (lock, user, text, symbol, when, count, lastsMs) => {
      const suspended = lastsMs === null;
      const terms = {
        pin: symbol,
        window: when,
        uses: count,
        ...(lastsMs !== null && { lastsMs }),
        ...(suspended && { duress: true as const }),
      };
      const command = { do: 'createGrant', grant: 'g1', lock, user, name: text, ...terms } as const;
      const body = over(encodeGrantRequest(command, secrets));
      const digits = secrets.digits(symbol);
      expect(requestFaults('createGrant', body)).toEqual([]);
      expect(decodeGrantRequest(body)).toEqual({
        lock,
        user,
        name: text,
        digits,
        window: when,
        uses: count,
        lastsMs,
        duress: suspended,
      });
      const change = over(encodeGrantChange({ pin: symbol, window: when, uses: count, suspended, name: text }, secrets));
      expect(requestFaults('changeGrant', change)).toEqual([]);
      expect(decodeGrantChange(change)).toEqual({ digits, window: when, uses: count, suspended, name: text });
      expect(decodeGrantChange(over(encodeGrantChange({ uses: count }, secrets)))).toEqual({ uses: count });
      expect(decodeWindow(over(encodeWindow(when)))).toEqual(when);
    }),
    settings,
  );
});

test('problems and tokens come back', () => {
  const facts = { slug: 'pin-taken', status: 409, title: 'PIN not available', retryable: false, detail: null, first: 'gr_1' };
  expect(decodeProblem(over(encodeProblem(facts)))).toEqual({ code: 'pin-taken', retryable: false, first: 'gr_1' });
  expect(answerFaults('createGrant', 409, 'application/problem+json', encodeProblem(facts))).toEqual([]);
  const pair = { access: 'at_0123456789abcdef', refresh: 'rt_0123456789abcdef', expiresMs: 3_600_000 };
  expect(decodeToken(over(encodeToken({ ...pair, scope: 'locks:read' })))).toEqual(pair);
  expect(decodeToken({ access_token: 'two words' })).toBeNull();
});

/** Values near the real ones: a sound body with something else at a random place. */
const mutated = fc
  .tuple(fc.oneof(grantFacts.map(encodeGrant), eventView.map(encodeEvent), lockView.map(encodeLock)), fc.nat(40), fc.jsonValue())
  .map(([body, at, value]) => {
    let seen = 0;
    return JSON.parse(JSON.stringify(body), (_, inner: unknown) => (seen++ === at ? value : inner)) as unknown;
  });

test('no JSON makes a decoder throw, and no text of a target passes unbounded or with control characters', () => {
  const decoders = [
    decodeMe,
    decodeLock,
    decodeOperation,
    decodeUser,
    decodeWindow,
    decodeEvent,
    decodeProblem,
    decodeToken,
    decodeGrantRequest,
    decodeGrantChange,
    (value: unknown) => decodeGrant(value, secrets),
    (value: unknown) => decodePage(value, decodeEvent),
  ];
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), mutated, fc.constantFrom(undefined, [], { __proto__: null })), (value) => {
      for (const decode of decoders) expect(() => decode(value)).not.toThrow();
    }),
    settings,
  );
  const long = `\u0000\u001b[31m${'x'.repeat(5000)}\u009f`;
  const lock = decodeLock({ id: 'lk_1', name: long, serial: long, firmware: long });
  expect(lock?.name).toHaveLength(1000);
  expect(JSON.stringify(lock)).not.toMatch(/\p{Cc}|\\u00/u);
  expect(decodeLock({ id: 'x'.repeat(201) })).toBeNull();
  expect(decodeProblem({ code: `a\u0007b\u00fc${'c'.repeat(200)}` }).code).toMatch(/^ab?c*$/);
});

test('what is unknown is said to be, one odd item does not break a page, and a page is bounded', () => {
  expect(decodeLock({ id: 'lk_1', state: { bolt: 'ajar', evidence: 'rumour' }, battery: { percent: '84' } })).toMatchObject({
    bolt: 'unknown',
    evidence: 'unknown',
    batteryPercent: null,
    online: null,
  });
  const good = encodeUser({ id: 'us_1', name: 'Ada' });
  expect(decodePage({ items: [good, 7, null, good], next: 'c' }, decodeUser)?.items).toHaveLength(2);
  expect(decodePage({ items: Array.from({ length: maxItems + 5 }, () => good), next: null }, decodeUser)?.items).toHaveLength(
    maxItems,
  );
  expect(
    decodeGrant(
      { id: 'g', lock: 'l', wish: 'granted', sync: 'confirmed', credential: { readback: 'plain', pin: '9999' } },
      secrets,
    )?.pin,
  ).toEqual({
    kind: 'plain',
    pin: 'other',
  });
});
