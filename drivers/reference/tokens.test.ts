import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../contract/link.ts';
import { json, refused, rehearse, type Turn } from './script.fixture.ts';

const me = json(200, { account: 'acc_1', integration: 'int_1', scopes: [] });
const who = { do: 'identify' } as const;
const bearers = (asked: readonly HttpRequest[]): (string | undefined)[] =>
  asked.filter(({ path }) => path === '/v1/me').map(({ headers }) => headers['authorization']);
const forms = (asked: readonly HttpRequest[]): string[] =>
  asked.filter(({ path }) => path.startsWith('/oauth/')).map(({ path, body }) => `${path} ${body}`);
const unauthorised = refused(401, 'token-invalid', false, { 'www-authenticate': 'Bearer error="invalid_token"' });

test('a token is fetched once, when it is needed, also by commands at the same time', async () => {
  const { api, run, asked } = rehearse(() => me);
  await run(() => Promise.all([api.perform('owner', who), api.perform('owner', who), api.perform('reader', who)]));
  expect(forms(asked)).toEqual(['/oauth/token grant_type=client_credentials', '/oauth/token grant_type=client_credentials']);
  expect(new Set(bearers(asked)).size).toBe(2);
  expect(asked[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('owner-client:owner-secret-1').toString('base64')}`);
});

test('a token near its end is renewed with the refresh token, and secrets are registered', async () => {
  const { api, clock, run, asked, secrets } = rehearse(() => me, { expiresIn: 60 });
  await run(async () => {
    await api.perform('owner', who);
    await clock.sleep(54_000);
    await api.perform('owner', who);
    await clock.sleep(1_000);
    await api.perform('owner', who);
  });
  expect(bearers(asked).map((text) => text?.slice(-1))).toEqual(['1', '1', '2']);
  expect(forms(asked)[1]).toContain('refresh_token=rt_00000000000000001');
  for (const secret of ['owner-secret-1', 'at_00000000000000001', 'rt_00000000000000002']) expect(secrets.kept).toContain(secret);
});

test('a refused refresh token falls back to the credentials', async () => {
  let given = 0;
  const far = (request: HttpRequest): Turn => {
    if (request.path !== '/oauth/token') return me;
    if (request.body?.includes('refresh_token'))
      return json(400, { error: 'invalid_grant' }, { 'content-type': 'application/json' });
    given += 1;
    const pair = { access_token: `at_0000000000000000${given}`, refresh_token: 'rt_000000000000000001', scope: '' };
    return json(200, { ...pair, token_type: 'Bearer', expires_in: 10 });
  };
  const { api, clock, run, asked } = rehearse(far, { ownsTokens: true });
  await run(async () => {
    await api.perform('owner', who);
    await clock.sleep(10_000);
    expect(await api.perform('owner', who)).toMatchObject({ kind: 'ok', facts: { wireFaults: [] } });
  });
  expect(bearers(asked).map((text) => text?.slice(-1))).toEqual(['1', '2']);
});

describe('401', () => {
  test('of a token that expired on the way leads to one fetch and one repeat', async () => {
    const { api, run, asked } = rehearse((_, nth) => (nth === 1 ? { afterMs: 950, reply: unauthorised } : me), { expiresIn: 1 });
    expect(await run(() => api.perform('owner', who))).toMatchObject({ kind: 'ok', facts: { tries: 2 } });
    expect(bearers(asked)).toHaveLength(2);
  });

  test('of a token that should be good is told as it is', async () => {
    const { api, run, asked } = rehearse(() => unauthorised);
    expect(await run(() => api.perform('owner', who))).toMatchObject({ kind: 'refused', reason: { class: 'credential' } });
    expect(bearers(asked)).toHaveLength(1);
  });
});

describe('those who are there to be refused', () => {
  test('nobody sends no token, forged one that was never issued', async () => {
    const { api, run, asked } = rehearse(() => unauthorised);
    await run(async () => {
      await api.perform('nobody', who);
      await api.perform('forged', who);
      expect(await api.perform('second', who)).toMatchObject({
        kind: 'refused',
        reason: { class: 'credential' },
        facts: { tries: 0 },
      });
    });
    expect(bearers(asked)).toEqual([undefined, expect.stringMatching(/^Bearer at_[A-Za-z0-9]{32}$/)]);
    expect(forms(asked)).toEqual([]);
    expect([...api.actors].toSorted()).toEqual(['expired', 'forged', 'nobody', 'owner', 'reader', 'revoked']);
  });

  test('revoked ends its own tokens and then uses them, the owner keeps his', async () => {
    const { api, run, asked } = rehearse(({ path }) => (path === '/oauth/revoke' ? json(200, undefined) : unauthorised));
    await run(async () => {
      await api.perform('owner', who);
      await api.perform('revoked', who);
      await api.perform('revoked', who);
      await api.perform('revoked', { do: 'refresh' });
    });
    expect(forms(asked)).toEqual([
      '/oauth/token grant_type=client_credentials',
      '/oauth/token grant_type=client_credentials',
      '/oauth/revoke token=at_00000000000000002&token_type_hint=access_token',
      '/oauth/revoke token=rt_00000000000000002&token_type_hint=refresh_token',
      '/oauth/token grant_type=refresh_token&refresh_token=rt_00000000000000002',
    ]);
    expect(bearers(asked).map((text) => text?.slice(-1))).toEqual(['1', '2', '2']);
  });
});

describe('refresh', () => {
  test('presents the newest refresh token, spent the one before it', async () => {
    const { api, run, asked } = rehearse(() => me);
    await run(async () => {
      expect(await api.perform('owner', { do: 'refresh' })).toMatchObject({ kind: 'ok', value: null, facts: { tries: 1 } });
      expect(await api.perform('owner', { do: 'refresh', spent: true })).toMatchObject({
        kind: 'refused',
        reason: { class: 'credential', code: 'invalid_grant' },
      });
      await api.perform('owner', { do: 'refresh' });
      await api.perform('owner', who);
    });
    expect(forms(asked).map((form) => form.slice(-1))).toEqual(['s', '1', '1', '2']);
    expect(bearers(asked).map((text) => text?.slice(-1))).toEqual(['3']);
  });

  test('rotates first when there is no spent one yet', async () => {
    const { api, run, asked } = rehearse(() => me);
    expect(await run(() => api.perform('owner', { do: 'refresh', spent: true }))).toMatchObject({
      kind: 'refused',
      facts: { tries: 2 },
    });
    expect(forms(asked).map((form) => form.slice(-1))).toEqual(['s', '1', '1']);
  });

  test('whose answer is lost presents the same token again next time', async () => {
    let lost = false;
    const far = (request: HttpRequest): Turn => {
      if (request.body?.includes('refresh_token') && !lost) {
        lost = true;
        return { kind: 'trouble', trouble: 'cut', unsent: false };
      }
      return json(200, {
        access_token: 'at_000000000000000001',
        refresh_token: 'rt_000000000000000001',
        token_type: 'Bearer',
        scope: '',
      });
    };
    const { api, run, asked } = rehearse(far, { ownsTokens: true });
    await run(async () => {
      expect(await api.perform('owner', { do: 'refresh' })).toMatchObject({ kind: 'lost', trouble: 'cut' });
      expect(await api.perform('owner', { do: 'refresh' })).toMatchObject({ kind: 'ok' });
    });
    expect(forms(asked).slice(1)).toEqual(
      Array.from({ length: 2 }, () => '/oauth/token grant_type=refresh_token&refresh_token=rt_000000000000000001'),
    );
  });

  test('a token endpoint that is away means that nothing was sent, and is not wrong credentials', async () => {
    const away = rehearse(() => ({ kind: 'trouble', trouble: 'cut', unsent: false }), { ownsTokens: true });
    expect(await away.run(() => away.api.perform('owner', who))).toMatchObject({ kind: 'refused', reason: { class: 'network' } });
    const down = rehearse(
      () => json(503, { error: 'temporarily_unavailable' }, { 'content-type': 'application/json', 'retry-after': '5' }),
      { ownsTokens: true },
    );
    expect(await down.run(() => down.api.perform('owner', who))).toMatchObject({
      kind: 'refused',
      reason: { class: 'platform', retryAfterMs: 5000 },
    });
  });
});
