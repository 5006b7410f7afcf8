import { describe, test } from 'vitest';
import type { Actor } from '../../contract/command.ts';
import { fieldOf, textOf } from './json.ts';
import { type Asker, doorOf, grantBody, idOf, reference, scenario, settled } from './twin.fixture.ts';
import { operations } from './wire.ts';

const codeOf = (body: unknown): unknown => fieldOf(body, 'code');

/** A path of every operation under /v1, with objects of our own in it. */
async function everyOperation(
  at: Asker,
): Promise<{ readonly method: string; readonly path: string; readonly id: string; readonly scopes: readonly string[] }[]> {
  const lock = doorOf(at);
  const user = idOf((await at.ask('owner', 'POST', '/v1/users', { name: 'Ada' })).body);
  const grant = idOf((await at.ask('owner', 'POST', '/v1/grants', grantBody(lock, '048213'))).body);
  const operation = idOf((await at.ask('owner', 'POST', `/v1/locks/${lock}/operations`, { target: 'locked' })).body);
  const webhook = idOf((await at.ask('owner', 'POST', '/v1/webhooks', { url: 'https://hooks.example.test/a' })).body);
  const parties = fieldOf((await at.ask('owner', 'GET', '/v1/parties')).body, 'items');
  const integration = Array.isArray(parties) ? idOf(parties.find((one) => fieldOf(one, 'name') === 'reader')) : '';
  const ids: Readonly<Record<string, string>> = { lock, user, grant, operation, webhook, integration };
  return operations()
    .filter((one) => one.path.startsWith('/v1/'))
    .map((one) => {
      const path = one.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
      return {
        id: one.id,
        method: one.method,
        scopes: one.scopes,
        path: one.id === 'listGrants' ? `${path}?lock=${lock}` : path,
      };
    });
}

const held: Readonly<Partial<Record<Actor, readonly string[]>>> = {
  reader: ['locks:read', 'users:read', 'grants:read', 'events:read'],
  operator: ['locks:read', 'locks:operate', 'events:read'],
};

describe('the gate', () => {
  test('refuses every operation without a token, beyond the scopes, and in a foreign account', async ({ expect }) => {
    await scenario(async (at) => {
      for (const { method, path, id, scopes } of await everyOperation(at)) {
        const nobody = await at.ask('nobody', method, path);
        expect([id, nobody.status, codeOf(nobody.body)]).toEqual([id, 401, 'token-missing']);
        for (const [actor, own] of [
          ['reader', held.reader],
          ['operator', held.operator],
        ] as const) {
          if (scopes.every((scope) => own?.includes(scope))) continue;
          const beyond = await at.ask(actor, method, path);
          expect([id, beyond.status, codeOf(beyond.body)]).toEqual([id, 403, 'scope-missing']);
        }
        if (path.split('?')[0]?.split('/').length === 3 && !path.includes('?')) continue;
        const foreign = await at.ask('stranger', method, path);
        expect([id, foreign.status, codeOf(foreign.body)]).toEqual([id, 404, 'not-found']);
      }
      expect(at.faults).toEqual([]);
    });
  });

  test('an access token is good until its expiry and not from it on; a revoked one never again', async ({ expect }) => {
    await scenario(async (at) => {
      await at.token('owner');
      await at.clock.sleep(reference.api.tokenMs - 1);
      expect((await at.ask('owner', 'GET', '/v1/me')).status).toBe(200);
      await at.clock.sleep(1);
      const late = await at.ask('owner', 'GET', '/v1/me');
      expect([late.status, codeOf(late.body)]).toEqual([401, 'token-invalid']);
      const token = await at.token('second');
      expect((await at.form('owner', '/oauth/revoke', { token })).status).toBe(200);
      expect((await at.ask('second', 'GET', '/v1/me')).status).toBe(200);
      expect((await at.form('second', '/oauth/revoke', { token })).status).toBe(200);
      expect((await at.ask('second', 'GET', '/v1/me')).status).toBe(401);
      expect(at.faults).toEqual([]);
    });
  });

  test('an integration that is removed loses its tokens and its grants at once', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const grant = idOf((await at.ask('second', 'POST', '/v1/grants', grantBody(door, '048213'))).body);
      await settled(at, grant);
      const theirs = await at.ask('owner', 'PATCH', `/v1/grants/${grant}`, { suspended: true });
      expect([theirs.status, codeOf(theirs.body)]).toEqual([403, 'not-yours']);
      const parties = fieldOf((await at.ask('owner', 'GET', '/v1/parties')).body, 'items');
      const second = Array.isArray(parties) ? idOf(parties.find((one) => fieldOf(one, 'name') === 'second')) : '';
      expect((await at.ask('owner', 'DELETE', `/v1/integrations/${second}`)).status).toBe(204);
      expect((await at.ask('second', 'GET', '/v1/me')).status).toBe(401);
      expect((await at.form('second', '/oauth/token', { grant_type: 'client_credentials' })).status).toBe(401);
      expect(await settled(at, grant)).toBe('confirmed');
      expect((await at.twin.fixture.act({ act: 'present', digits: '048213' })).keypad).toBe('denied');
      expect(at.faults).toEqual([]);
    });
  });

  test('one request too many is told when to come back, harms no other, and is forgotten by no restart', async ({ expect }) => {
    await scenario(async (at) => {
      await at.token('second');
      const { rateRequests } = reference.limits;
      for (let asked = 0; asked < rateRequests; asked += 1) await at.ask('owner', 'GET', '/v1/me');
      await at.twin.happen({ on: 'platform', happens: 'restart' });
      const over = await at.ask('owner', 'GET', '/v1/me');
      expect([over.status, codeOf(over.body)]).toEqual([429, 'rate-limited']);
      expect((await at.ask('second', 'GET', '/v1/me')).status).toBe(200);
      expect((await at.form('owner', '/oauth/token', { grant_type: 'client_credentials' })).status).toBe(200);
      await at.clock.sleep(Number(over.headers.get('retry-after')) * 1000);
      expect((await at.ask('owner', 'GET', '/v1/me')).status).toBe(200);
      expect(at.faults).toEqual([]);
    });
  });

  test('hostile bodies, paths and headers get a typed refusal and have no effect', async ({ expect }) => {
    await scenario(async (at) => {
      const token = await at.token('owner');
      const post = async (body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<number> => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': type };
        const answer = await at.twin.fetch(new Request('http://twin.test/v1/users', { method: 'POST', headers, body }));
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        return answer.status;
      };
      expect(await post('{"name": ')).toBe(400);
      expect(await post('')).toBe(400);
      expect(await post('[]')).toBe(400);
      expect(await post('{"name": 7}')).toBe(400);
      expect(await post('{"name": "a", "__proto__": {"admin": true}}')).toBe(400);
      expect(await post(`{"name": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`)).toBe(400);
      expect(await post(new Uint8Array([123, 34, 255, 254, 34, 125]))).toBe(400);
      expect(await post(JSON.stringify({ name: 'x'.repeat(70_000) }))).toBe(413);
      expect(await post('name=Ada', 'application/x-www-form-urlencoded')).toBe(415);
      expect(await post('{"name": "nul \\u0000"}')).toBe(422);
      expect(await post('{"name": "half \\ud800"}')).toBe(422);
      const key = await at.ask('owner', 'POST', '/v1/users', { name: 'Ada' }, { 'idempotency-key': 'k'.repeat(129) });
      expect([key.status, codeOf(key.body)]).toEqual([400, 'key-invalid']);
      const cursor = await at.ask('owner', 'GET', '/v1/users?cursor=7.made-up');
      expect([cursor.status, codeOf(cursor.body)]).toEqual([400, 'cursor-invalid']);
      const limit = await at.ask('owner', 'GET', '/v1/users?limit=0');
      expect([limit.status, codeOf(limit.body)]).toEqual([400, 'parameter-invalid']);
      const route = await at.ask('owner', 'GET', '/v1/secrets');
      expect([route.status, codeOf(route.body)]).toEqual([404, 'route-unknown']);
      const method = await at.ask('owner', 'PUT', '/v1/users');
      expect([method.status, codeOf(method.body), method.headers.get('allow')]).toEqual([405, 'method-not-allowed', 'GET, POST']);
      expect(fieldOf((await at.ask('owner', 'GET', '/v1/users')).body, 'items')).toEqual([]);
      expect(at.faults).toEqual([]);
    });
  });
});

describe('lists', () => {
  test('hold each user exactly once while others come and go', async ({ expect }) => {
    await scenario(async (at) => {
      const stay: string[] = [];
      for (let n = 0; n < 9; n += 1) stay.push(idOf((await at.ask('owner', 'POST', '/v1/users', { name: `u${n}` })).body));
      const gone = idOf((await at.ask('owner', 'POST', '/v1/users', { name: 'gone' })).body);
      const seen: string[] = [];
      let next: string | null = null;
      do {
        const more = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
        const { body } = await at.ask('owner', 'GET', `/v1/users?limit=2${more}`);
        const items = fieldOf(body, 'items');
        if (Array.isArray(items)) seen.push(...items.map(idOf));
        next = textOf(fieldOf(body, 'next'));
        if (seen.length === 4) await at.ask('owner', 'DELETE', `/v1/users/${gone}`);
        if (seen.length === 6) await at.ask('owner', 'POST', '/v1/users', { name: 'late' });
      } while (next !== null);
      for (const user of stay) expect(seen.filter((one) => one === user)).toEqual([user]);
      expect(new Set(seen).size).toBe(seen.length);
      const stale = await at.ask('owner', 'PATCH', `/v1/users/${stay[0]}`, { name: 'new' }, { 'if-match': '"99"' });
      expect([stale.status, codeOf(stale.body)]).toEqual([412, 'version-stale']);
      expect(at.faults).toEqual([]);
    });
  });

  test('a lock takes as many grants as declared, and refuses one more without harm', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const { credentials } = reference.limits;
      const grants: string[] = [];
      for (let n = 0; n < credentials; n += 1) {
        grants.push(idOf((await at.ask('owner', 'POST', '/v1/grants', grantBody(door, String(100_000 + n)))).body));
      }
      const over = await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '999999'));
      expect([over.status, codeOf(over.body)]).toEqual([409, 'lock-full']);
      await at.clock.sleep(30_000);
      for (const grant of grants) expect(await settled(at, grant)).toBe('confirmed');
      expect((await at.twin.fixture.act({ act: 'present', digits: String(100_000 + credentials - 1) })).opened).toBe(true);
      expect(at.faults).toEqual([]);
    });
  });
});
