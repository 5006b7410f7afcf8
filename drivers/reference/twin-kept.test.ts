import { describe, test } from 'vitest';
import { fieldOf } from './json.ts';
import { doorOf, grantBody, idOf, reference, scenario, settled, typesOf } from './twin.fixture.ts';

describe('what is kept', () => {
  test('the feed only grows: every reading begins with the one before, over a restart too', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      let last: string[] = [];
      for (let round = 0; round < 6; round += 1) {
        const grant = idOf((await at.ask('owner', 'POST', '/v1/grants', grantBody(door, `48213${round}`))).body);
        await at.clock.sleep(round * 50);
        await at.twin.happen({ on: 'platform', happens: 'restart' });
        await settled(at, grant);
        await at.twin.fixture.act({ act: 'present', digits: `48213${round}` });
        await at.clock.sleep(60_000);
        const now = await typesOf(at);
        expect(now.slice(0, last.length)).toEqual(last);
        last = now;
      }
      expect(last.filter((type) => type === 'lock.unlocked')).toHaveLength(6);
      expect(last.filter((type) => type === 'grant.set')).toHaveLength(6);
    });
  });

  test('a spent refresh token gives the same pair within the grace, and nothing after it', async ({ expect }) => {
    await scenario(async (at) => {
      const first = (await at.form('owner', '/oauth/token', { grant_type: 'client_credentials' })).body;
      const spent = { grant_type: 'refresh_token', refresh_token: String(fieldOf(first, 'refresh_token')) };
      const second = await at.form('owner', '/oauth/token', spent);
      expect(second.status).toBe(200);
      await at.clock.sleep(reference.api.refreshGraceMs);
      const again = await at.form('owner', '/oauth/token', spent);
      expect(fieldOf(again.body, 'refresh_token')).toBe(fieldOf(second.body, 'refresh_token'));
      await at.clock.sleep(1);
      const late = await at.form('owner', '/oauth/token', spent);
      expect([late.status, fieldOf(late.body, 'error')]).toEqual([400, 'invalid_grant']);
      const newest = { grant_type: 'refresh_token', refresh_token: String(fieldOf(second.body, 'refresh_token')) };
      expect((await at.form('owner', '/oauth/token', newest)).status).toBe(200);
      const stolen = await at.form('second', '/oauth/token', newest);
      expect(stolen.status).toBe(400);
      expect(at.faults).toEqual([]);
    });
  });

  test('an idempotency key has one effect, and refuses another body', async ({ expect }) => {
    await scenario(async (at) => {
      const key = { 'idempotency-key': 'k-1' };
      const first = await at.ask('owner', 'POST', '/v1/users', { name: 'Ada' }, key);
      await at.twin.happen({ on: 'platform', happens: 'restart' });
      const again = await at.ask('owner', 'POST', '/v1/users', { name: 'Ada' }, key);
      expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true']);
      const other = await at.ask('owner', 'POST', '/v1/users', { name: 'Bob' }, key);
      expect([other.status, fieldOf(other.body, 'code'), fieldOf(other.body, 'first')]).toEqual([
        422,
        'key-reused',
        idOf(first.body),
      ]);
      const users = fieldOf((await at.ask('owner', 'GET', '/v1/users')).body, 'items');
      expect(users).toHaveLength(1);
      expect(at.faults).toEqual([]);
    });
  });

  test('the same seed gives the same answers, another seed gives others', async ({ expect }) => {
    const run = (seed: number): Promise<string[]> =>
      scenario(
        async (at) => {
          const door = doorOf(at);
          const grant = idOf((await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '048213'))).body);
          await settled(at, grant);
          await at.twin.fixture.act({ act: 'present', digits: '048213' });
          await at.twin.happen({ on: 'platform', happens: 'restart' });
          await at.clock.sleep(100_000);
          await at.ask('owner', 'DELETE', `/v1/grants/${grant}`);
          await settled(at, grant);
          await typesOf(at);
          return at.log;
        },
        { seed },
      );
    const [one, same, other] = [await run(5), await run(5), await run(6)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });
});
