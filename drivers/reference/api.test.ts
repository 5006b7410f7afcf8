import { describe, expect, test } from 'vitest';
import { type Command, hostileShapes } from '../../contract/command.ts';
import { callMs, declared, json, refused, rehearse, startMs } from './script.fixture.ts';
import { maxTries, repeatAfterMs } from './api.ts';

const user = { id: 'us_1', name: 'Ada' };
const madeUser = json(201, user, { location: '/v1/users/us_1', etag: '"1"' });
const oneUser = json(200, user, { etag: '"1"' });
const addUser: Command = { do: 'addUser', user: 'u1', name: 'Ada' };
const operation = {
  id: 'op_1',
  kind: 'bolt',
  lock: 'lk_1',
  target: 'locked',
  state: 'pending',
  cause: null,
  created_at: '2027-03-01T09:00:00Z',
  expires_at: '2027-03-01T09:00:20Z',
};
const cut = { kind: 'trouble', trouble: 'cut', unsent: false } as const;

describe('an answer that never comes', () => {
  test('is lost in the declared time, and a write without a key is asked once', async () => {
    const { api, clock, run, calls } = rehearse(() => null);
    const answer = await run(() => api.perform('owner', addUser));
    expect(answer).toMatchObject({ kind: 'lost', trouble: 'late', facts: { tries: 1, tookMs: callMs, status: null } });
    expect(clock.nowMs()).toBe(startMs + callMs);
    expect(calls()).toHaveLength(1);
  });

  test('is asked for once more under the same key and body', async () => {
    const { api, clock, run, calls } = rehearse((_, nth) => (nth === 1 ? null : madeUser));
    const answer = await run(() => api.perform('owner', { ...addUser, key: 'k-1' }));
    expect(answer).toMatchObject({ kind: 'ok', value: user, confirmed: true, facts: { tries: 2, wireFaults: [] } });
    expect(calls().map(({ headers, body }) => [headers['idempotency-key'], body])).toEqual([
      ['k-1', '{"name":"Ada"}'],
      ['k-1', '{"name":"Ada"}'],
    ]);
    expect(clock.nowMs()).toBe(startMs + callMs + repeatAfterMs);
  });

  test('stays lost after the last try, for a read too', async () => {
    const { api, run, calls } = rehearse(() => cut);
    const answer = await run(() => api.perform('owner', { do: 'readUser', user: 'us_1' }));
    expect(answer).toMatchObject({ kind: 'lost', trouble: 'cut', facts: { tries: maxTries } });
    expect(calls()).toHaveLength(maxTries);
  });

  test('is not asked for again where the platform declares no keys', async () => {
    const { api, run, calls } = rehearse(() => cut, { declaration: declared({ 'idempotency-key': 'has none' }) });
    const answer = await run(() => api.perform('owner', { ...addUser, key: 'k-1' }));
    expect(answer).toMatchObject({ kind: 'lost' });
    expect(calls().map(({ headers }) => headers['idempotency-key'])).toEqual([undefined]);
  });

  test('is not taken for refused because a later try was refused unseen', async () => {
    const turns = [cut, { kind: 'trouble', trouble: 'refused', unsent: true } as const];
    const { api, run } = rehearse((_, nth) => turns[nth - 1] ?? null);
    expect(await run(() => api.perform('owner', { ...addUser, key: 'k-1' }))).toMatchObject({ kind: 'lost', trouble: 'cut' });
    const throttled = rehearse((_, nth) => (nth === 1 ? cut : refused(429, 'rate-limited', true, { 'retry-after': '60' })));
    expect(await throttled.run(() => throttled.api.perform('owner', { ...addUser, key: 'k-1' }))).toMatchObject({ kind: 'lost' });
  });
});

test('a late answer is never taken for the next command', async () => {
  const { api, clock, run } = rehearse((_, nth) =>
    nth === 1
      ? { afterMs: callMs + 50, reply: json(200, { id: 'us_late', name: 'Late' }, { etag: '"1"' }) }
      : { afterMs: 100, reply: oneUser },
  );
  await run(async () => {
    const first = await api.perform('owner', { do: 'renameUser', user: 'us_late', name: 'Late' });
    expect(first).toMatchObject({ kind: 'lost', trouble: 'late' });
    const second = await api.perform('owner', { do: 'readUser', user: 'us_1' });
    expect(second).toMatchObject({ kind: 'ok', value: user });
    await clock.sleep(callMs);
  });
});

describe('what the link says', () => {
  test('unsent is refused by the network, the rest is lost under its own name', async () => {
    const unsent = rehearse(() => ({ kind: 'trouble', trouble: 'dns', unsent: true }));
    expect(await unsent.run(() => unsent.api.perform('owner', addUser))).toMatchObject({
      kind: 'refused',
      reason: { class: 'network', retryable: true },
    });
    for (const trouble of ['certificate', 'redirect', 'oversized', 'truncated'] as const) {
      const { api, run, calls } = rehearse(() => ({ kind: 'trouble', trouble, unsent: false }));
      expect(await run(() => api.perform('owner', { do: 'listLocks' }))).toMatchObject({ kind: 'lost', trouble });
      expect(calls()).toHaveLength(trouble === 'truncated' ? maxTries : 1);
    }
  });

  test('an answer that is not JSON is lost as garbled, and one that breaks the schema is told with its fields', async () => {
    const html = { ...json(200, undefined, { 'content-type': 'text/html' }), body: '<html>' };
    const garbled = rehearse(() => html);
    expect(await garbled.run(() => garbled.api.perform('owner', { do: 'removeUser', user: 'us_1' }))).toMatchObject({
      kind: 'lost',
      trouble: 'garbled',
      facts: { wireFaults: ['body'] },
    });
    const odd = rehearse(() => json(200, { ...operation, state: 'exploded', cause: 7 }));
    const answer = await odd.run(() => odd.api.perform('owner', { do: 'readOperation', operation: 'op_1' }));
    expect(answer).toMatchObject({ kind: 'lost', trouble: 'garbled' });
    const partly = rehearse(() => json(200, { ...operation, lock: 7 }));
    const still = await partly.run(() => partly.api.perform('owner', { do: 'readOperation', operation: 'op_1' }));
    expect(still).toMatchObject({ kind: 'ok', confirmed: false, facts: { wireFaults: ['/lock'] } });
  });

  test('secrets in an answer are named by their symbols', async () => {
    const { api, run } = rehearse(() => json(200, { ...user, name: 'Ada 0123' }, { etag: '"1"' }));
    expect((await run(() => api.perform('owner', { do: 'readUser', user: 'us_1' }))).facts.secretsSeen).toEqual(['zero1']);
  });
});

describe('refusals', () => {
  test('carry type, retry and the first, and the rate fields are read', async () => {
    const rate = { 'ratelimit-limit': '60', 'ratelimit-remaining': '0', 'ratelimit-reset': '12', 'retry-after': '12' };
    const { api, run, calls } = rehearse(() => refused(429, 'rate-limited', true, rate));
    expect(await run(() => api.perform('owner', { do: 'listUsers' }))).toMatchObject({
      kind: 'refused',
      reason: { class: 'rate', code: 'rate-limited', retryable: true, retryAfterMs: 12_000, first: null },
      facts: { status: 429, rate: { limit: 60, remaining: 0, resetMs: 12_000 }, wireFaults: [] },
    });
    expect(calls()).toHaveLength(1);
  });

  test('a short Retry-After is waited for', async () => {
    const { api, clock, run } = rehearse((_, nth) =>
      nth === 1 ? refused(429, 'rate-limited', true, { 'retry-after': '0' }) : oneUser,
    );
    expect(await run(() => api.perform('owner', { do: 'readUser', user: 'us_1' }))).toMatchObject({
      kind: 'ok',
      facts: { tries: 2 },
    });
    expect(clock.nowMs()).toBe(startMs);
  });

  test('an unregistered code, a wrong status and a page of HTML are refusals by their status, with faults', async () => {
    const cases = [
      [refused(403, 'go-away', false), 'permission'],
      [refused(404, 'pin-taken', false), 'missing'],
      [{ ...json(404, undefined, { 'content-type': 'text/html' }), body: '<h1>' }, 'missing'],
    ] as const;
    for (const [reply, kind] of cases) {
      const { api, run } = rehearse(() => reply);
      const answer = await run(() => api.perform('owner', { do: 'readUser', user: 'us_1' }));
      expect(answer).toMatchObject({ kind: 'refused', reason: { class: kind } });
      expect(answer.facts.wireFaults).not.toEqual([]);
    }
  });

  test('an unknown outcome and a failure without a word are lost, not refused', async () => {
    for (const reply of [refused(504, 'outcome-unknown', true), { ...json(502, undefined), body: 'bad gateway' }]) {
      const { api, run } = rehearse(() => reply);
      expect(await run(() => api.perform('owner', addUser))).toMatchObject({ kind: 'lost' });
    }
  });
});

test('an operation is handed on as it stands: pending is not confirmed', async () => {
  const { api, run, calls } = rehearse(() => json(202, operation, { location: '/v1/operations/op_1' }));
  expect(await run(() => api.perform('owner', { do: 'lock', lock: 'lk_1' }))).toMatchObject({
    kind: 'ok',
    confirmed: false,
    value: { id: 'op_1', state: 'pending' },
    facts: { wireFaults: [] },
  });
  expect(calls()).toHaveLength(1);
});

test('every hostile shape is sent as it is meant, to both places', async () => {
  const bodies = new Set<string>();
  const { api, run } = rehearse((request) => {
    bodies.add(`${request.path} ${request.headers['content-type']} ${request.body}`);
    return refused(400, 'body-malformed', false);
  });
  await run(async () => {
    for (const on of ['createGrant', 'addUser'] as const) {
      for (const shape of hostileShapes) {
        const answer = await api.perform('owner', { do: 'probe', on, shape, lock: 'lk_1' });
        expect(answer).toMatchObject({ kind: 'refused', reason: { class: 'request' }, facts: { tries: 1 } });
      }
    }
  });
  expect(bodies.size).toBe(2 * hostileShapes.length);
});
