import type { HttpLink, HttpReply, HttpRequest, HttpTrouble } from '../../contract/link.ts';
import type { CommandOf, HostileShape } from '../../contract/command.ts';
import { test as plain } from 'vitest';
import { runSecrets } from '../../harness/secrets.ts';
import { httpLink } from '../../rig/http.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import { connect } from './api.ts';
import { vendor } from './index.ts';
import { declaration, test } from './live.fixture.ts';

const always = { startMs: null, endMs: null, zone: 'UTC', recurrence: null };
const bounded = { ...always, startMs: 1_811_851_200_000, endMs: 1_812_015_000_000 };
const create = (lock: string, pin: string, more: Partial<CommandOf<'createGrant'>> = {}): CommandOf<'createGrant'> => ({
  do: 'createGrant',
  grant: 'g1',
  user: null,
  lock,
  name: `guest ${pin}`,
  pin,
  window: always,
  uses: null,
  ...more,
});

test('reads: who we are, the locks, one lock', async ({ expect, live }) => {
  const api = live.api();
  expect(await live.ok(api, { do: 'identify' })).toEqual({ account: 'seed_workspace_1', integration: '', scopes: [] });
  expect(await live.ok(api, { do: 'identify' }, 'stranger')).toMatchObject({ account: 'seed_workspace_2' });
  const { items, cursor } = await live.ok(api, { do: 'listLocks' });
  expect(items.map((lock) => lock.id)).toEqual(['august_device_1', 'august_device_2', 'schlage_device_id']);
  expect(cursor).toBeNull();
  expect(await live.ok(api, { do: 'readLock', lock: live.door })).toEqual(items[0]);
});

test('bolt: a command, its operation and the state that it leaves', async ({ expect, live }) => {
  const api = live.api();
  for (const to of ['unlock', 'lock'] as const) {
    const answer = await api.perform('owner', { do: to, lock: live.door });
    expect(answer).toMatchObject({ kind: 'ok', confirmed: false, value: { state: 'pending' }, facts: { status: 200, tries: 1 } });
    const operation = answer.kind === 'ok' ? answer.value.id : '';
    expect(await live.ok(api, { do: 'readOperation', operation })).toEqual({ id: operation, state: 'done', cause: null });
    expect((await live.ok(api, { do: 'readLock', lock: live.door })).bolt).toBe(to === 'lock' ? 'locked' : 'unlocked');
  }
});

test('a grant: created, read, changed, listed, revoked', async ({ expect, live }) => {
  const api = live.api();
  const made = await live.ok(api, create(live.door, 'zero1', { window: bounded }));
  expect(made).toMatchObject({ pin: { kind: 'plain', pin: 'zero1' }, wish: 'granted', sync: 'pending', external: false });
  expect(made.window).toEqual({ ...bounded, zone: declaration.zone });
  expect(await live.ok(api, { do: 'readGrant', grant: made.id })).toEqual(made);
  const window = { ...bounded, endMs: bounded.endMs + 3_600_000 };
  const changed = await live.ok(api, { do: 'changeGrant', grant: made.id, change: { pin: 'plain2', window, name: 'Ben' } });
  expect(changed).toMatchObject({ id: made.id, name: 'Ben', pin: { pin: 'plain2' }, window: { endMs: window.endMs } });
  const outside = {
    device_id: live.door,
    name: 'by hand',
    code: live.secrets.digits('plain3'),
    type: 'ongoing',
    is_managed: false,
  } as const;
  live.fake.database.addAccessCode({ ...outside, workspace_id: 'seed_workspace_1' });
  const { items } = await live.ok(api, { do: 'listGrants', lock: live.door });
  expect(items.map((grant) => [grant.name, grant.external])).toEqual([
    ['Ben', false],
    ['by hand', true],
  ]);
  const revoked = await api.perform('owner', { do: 'revokeGrant', grant: made.id });
  expect(revoked).toMatchObject({
    kind: 'ok',
    confirmed: true,
    value: { id: made.id, lock: live.door, wish: 'revoked', sync: 'confirmed' },
    facts: { status: 200, tries: 2 },
  });
  for (const what of ['readGrant', 'revokeGrant'] as const)
    expect(await api.perform('owner', { do: what, grant: made.id })).toMatchObject({
      kind: 'refused',
      reason: { class: 'missing' },
    });
});

test('a PIN that a refusal repeats is seen, and the refusal is typed', async ({ expect, live }) => {
  const api = live.api();
  await live.ok(api, create(live.door, 'plain4'));
  expect(await api.perform('owner', create(live.door, 'plain4'))).toMatchObject({
    kind: 'refused',
    reason: { class: 'conflict', code: 'duplicate_access_code', retryable: null, first: null },
    facts: { status: 409, secretsSeen: ['plain4'], wireFaults: [] },
  });
});

test('events are read on from where reading ended', async ({ expect, live }) => {
  const api = live.api();
  const before = await live.ok(api, { do: 'readEvents', after: null });
  await live.ok(api, { do: 'unlock', lock: live.door });
  const grant = await live.ok(api, create(live.door, 'plain5'));
  const first = await live.ok(api, { do: 'readEvents', after: before.cursor, limit: 1 });
  const rest = await live.ok(api, { do: 'readEvents', after: first.cursor });
  expect([...first.items, ...rest.items].map((event) => [event.verb, event.lock, event.grant])).toEqual([
    ['lock.unlocked', live.door, null],
    ['grant.created', live.door, grant.id],
  ]);
  expect((await live.ok(api, { do: 'readEvents', after: rest.cursor })).items).toEqual([]);
  expect(await api.perform('owner', { do: 'readEvents', after: 'no-cursor' })).toMatchObject({
    kind: 'refused',
    reason: { class: 'request' },
  });
});

test('without a key, and with one never issued, nothing is told', async ({ expect, live }) => {
  const api = live.api();
  expect([...api.actors].toSorted()).toEqual(['forged', 'nobody', 'owner', 'second', 'stranger']);
  for (const actor of ['nobody', 'forged'] as const) {
    const answer = await api.perform(actor, { do: 'readLock', lock: live.door });
    expect(answer).toMatchObject({
      kind: 'refused',
      reason: { class: 'credential', code: 'unauthorized' },
      facts: { status: 401 },
    });
  }
  expect((await live.ok(api, { do: 'listLocks' }, 'second')).items).toHaveLength(3);
  expect((await live.ok(api, { do: 'listLocks' }, 'stranger')).items).toEqual([]);
  expect(await api.perform('reader', { do: 'identify' })).toMatchObject({
    kind: 'refused',
    reason: { class: 'unsupported' },
    facts: { tries: 0 },
  });
});

test('what Seam cannot express is refused here, unsent', async ({ expect, live }) => {
  const api = live.api();
  const recurrence = { rule: 'FREQ=DAILY', from: '08:00', to: '17:00' };
  const asked = [
    create(live.door, 'plain6', { uses: 3 }),
    create(live.door, 'plain6', { user: 'u1' }),
    create(live.door, 'plain6', { window: { ...bounded, recurrence } }),
    { do: 'changeGrant', grant: 'g', change: { suspended: true } },
    { do: 'addUser', user: 'u1', name: 'Ann' },
    { do: 'probe', on: 'addUser', shape: 'empty', lock: live.door },
  ] as const;
  for (const command of asked) {
    const answer = await api.perform('owner', command);
    expect(answer).toMatchObject({ kind: 'refused', reason: { class: 'unsupported' }, facts: { tries: 0, status: null } });
  }
  expect(api.commands.has('addUser')).toBe(false);
});

test('hostile bodies: each is refused or cleaned up', async ({ expect, live }) => {
  const api = live.api();
  const shapes: Record<Exclude<HostileShape, 'oversized'>, number> = {
    'not-json': 400,
    empty: 400,
    'wrong-types': 400,
    'missing-fields': 400,
    deep: 400,
    injection: 404,
    'unknown-enum': 400,
    'null-bytes': 200,
    'huge-number': 400,
    'array-for-object': 400,
    'wrong-content-type': 400,
  };
  const before = (await live.ok(api, { do: 'listGrants', lock: live.door })).items.length;
  for (const [shape, status] of Object.entries(shapes)) {
    const answer = await api.perform('owner', { do: 'probe', on: 'createGrant', shape: shape as HostileShape, lock: live.door });
    expect([shape, answer.facts.status]).toEqual([shape, status]);
  }
  expect((await live.ok(api, { do: 'listGrants', lock: live.door })).items).toHaveLength(before);
});

test('an oversized body is refused; others are served on', async ({ expect, live }) => {
  const link = httpLink({ url: live.fake.url });
  const api = live.api(link);
  const probed = await api.perform('owner', { do: 'probe', on: 'createGrant', shape: 'oversized', lock: live.door });
  expect(probed.facts.status).toBe(413);
  await link.close();
  expect((await live.ok(live.api(), { do: 'listLocks' })).items).toHaveLength(3);
});

test('with the SDK’s own verbs this platform neither changes nor revokes a code', async ({ expect, live }) => {
  const api = live.api(live.link, { verbs: 'sdk' });
  const { id } = await live.ok(api, create(live.door, 'plain7'));
  const renamed = await api.perform('owner', { do: 'changeGrant', grant: id, change: { name: 'x' } });
  expect(renamed).toMatchObject({ kind: 'refused', reason: { code: 'method_not_allowed' }, facts: { status: 405 } });
  const revoked = await api.perform('owner', { do: 'revokeGrant', grant: id });
  expect(revoked).toMatchObject({ kind: 'refused', reason: { class: 'missing', code: 'access_code_not_found' } });
  expect((await live.ok(api, { do: 'readGrant', grant: id })).wish).toBe('granted');
});

/** A link that answers from a list, and keeps what it was asked. */
function scripted(answers: readonly (HttpReply | HttpTrouble)[]): HttpLink & { readonly requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  return {
    requests,
    ask: async (request) => {
      requests.push(request);
      return answers[requests.length - 1] ?? { kind: 'trouble', trouble: 'cut', unsent: true };
    },
    close: async () => undefined,
  };
}
const json = { 'content-type': 'application/json' };
const reply = (status: number, body: string, headers: Record<string, string> = json): HttpReply => ({
  kind: 'reply',
  status,
  headers,
  body,
});

plain('one request a try: trouble, empty successes and retryable errors are told, never repeated', async ({ expect }) => {
  const world = { clock: virtualClock({ startMs: 0, limitMs: 60_000 }).clock, random: seededRandom(1) };
  const secrets = runSecrets(3, { minDigits: 4, maxDigits: 8 });
  const ask = async (answer: HttpReply | HttpTrouble) => {
    const link = scripted([answer]);
    const told = await connect(world, link, { owner: { key: 'seam_test_key' } }, secrets, declaration).perform('owner', {
      do: 'identify',
    });
    return { told, requests: link.requests };
  };
  const lost = await ask({ kind: 'trouble', trouble: 'truncated', unsent: false });
  expect(lost.told).toMatchObject({ kind: 'lost', trouble: 'truncated', facts: { tries: 1, status: null } });
  expect(lost.requests).toHaveLength(1);
  expect(lost.requests[0]).toMatchObject({
    method: 'GET',
    path: '/workspaces/get',
    headers: { authorization: 'Bearer seam_test_key' },
  });
  const empty = await ask(reply(200, '', {}));
  expect(empty.told).toMatchObject({ kind: 'lost', trouble: 'garbled', facts: { status: 200, wireFaults: ['body'] } });
  const keyless = await ask(reply(200, '{"ok":true}'));
  expect(keyless.told).toMatchObject({ kind: 'lost', trouble: 'garbled' });
  expect(keyless.told.facts.wireFaults).toContain('sdk');
  const busy = await ask(reply(429, '{"error":{"type":"rate_limit_exceeded","message":"m"}}', { ...json, 'retry-after': '3' }));
  expect(busy.told).toMatchObject({
    kind: 'refused',
    reason: { class: 'rate', retryable: true, retryAfterMs: 3000 },
    facts: { tries: 1 },
  });
  expect(busy.requests).toHaveLength(1);
  const limits = { ...json, 'ratelimit-limit': '10', 'ratelimit-remaining': '9', 'ratelimit-reset': '60' };
  const fine = await ask(reply(200, '{"workspace":{"workspace_id":"w","name":"n"}}', limits));
  expect(fine.told).toMatchObject({ kind: 'ok', facts: { rate: { limit: 10, remaining: 9, resetMs: 60_000 }, wireFaults: [] } });
});

plain('a silent platform is late after the declared time, by our clock', async ({ expect }) => {
  const time = virtualClock({ startMs: 0, limitMs: 60_000 });
  const link: HttpLink = { ask: () => new Promise(() => undefined), close: async () => undefined };
  const secrets = runSecrets(3, { minDigits: 4, maxDigits: 8 });
  const api = connect(
    { clock: time.clock, random: seededRandom(1) },
    link,
    { owner: { key: 'seam_test_key' } },
    secrets,
    declaration,
  );
  const answer = await time.run(() => api.perform('owner', { do: 'identify' }));
  expect(answer).toMatchObject({ kind: 'lost', trouble: 'late', facts: { tookMs: declaration.timing.callMs, tries: 1 } });
});

plain('keys are kept from what is written, and a key that is none is a fault of the target', ({ expect }) => {
  const secrets = runSecrets(3, { minDigits: 4, maxDigits: 8 });
  const world = { clock: virtualClock({ startMs: 0, limitMs: 1 }).clock, random: seededRandom(1) };
  connect(world, scripted([]), { owner: { key: 'seam_test_secret' } }, secrets, declaration);
  expect(secrets.redact('key seam_test_secret')).toBe('key •••');
  expect(() => connect(world, scripted([]), { owner: { key: 'not a key' } }, secrets, declaration)).toThrow(/token/);
  expect(vendor.routes[0]?.needs).toEqual(['http']);
  expect(() => vendor.routes[0]?.connect(world, {}, {}, secrets, declaration, [])).toThrow(/link/);
});
