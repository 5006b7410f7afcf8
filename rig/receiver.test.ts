import { request } from 'node:https';
import { test as base, describe } from 'vitest';
import type { TrustFlaw } from '../contract/link.ts';
import { httpsPoster } from './poster.ts';
import { receiver } from './receiver.ts';
import { isAuthorityKey, newAuthority } from './tls.ts';

const host = 'hooks.lockproof.example';
const flaws: readonly TrustFlaw[] = ['expired', 'self-signed', 'wrong-host', 'untrusted', 'old-tls'];
const test = base.extend('hooks', async ({}, { onCleanup }) => {
  const hooks = await receiver({ host });
  const bodies: string[] = [];
  hooks.listen(async ({ path, headers, body }) => {
    bodies.push(`${path} ${headers['webhook-id'] ?? ''} ${body}`);
    return { status: 200, headers: {}, body: 'taken' };
  });
  onCleanup(() => hooks.close());
  return { hooks, bodies };
});

/** What a client that nobody here wrote makes of it: its answer's status, or why it said nothing. */
function strictly(url: string, port: number, ca: string): Promise<number | string> {
  return new Promise((resolve) => {
    const { hostname, pathname } = new URL(url);
    const options = {
      host: '127.0.0.1',
      port,
      path: `${pathname}/hook`,
      servername: hostname,
      ca,
      method: 'POST',
      agent: false,
      timeout: 2_000,
    };
    const asked = request(options, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asked.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    asked.on('timeout', () => asked.destroy());
    asked.end('{}');
  });
}

describe('the receiver of webhooks', () => {
  test('is taken by a strict client while it is well, and for each flaw refused', async ({
    expect,
    hooks: { hooks, bodies },
  }) => {
    const seen: (number | string)[] = [await strictly(hooks.url, hooks.port, hooks.caPem)];
    for (const flaw of flaws) {
      hooks.present(flaw, false);
      seen.push(await strictly(hooks.url, hooks.port, hooks.caPem));
    }
    hooks.present(null, true);
    seen.push(await strictly(hooks.url, hooks.port, hooks.caPem));
    hooks.present(null, false);
    seen.push(await strictly(hooks.url, hooks.port, hooks.caPem));
    expect(seen).toEqual([
      200,
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'EPROTO',
      'ECONNRESET',
      200,
    ]);
    expect(bodies).toHaveLength(2);
  });

  test('hears nobody who does not know its path', async ({ expect, hooks: { hooks, bodies } }) => {
    const { origin } = new URL(hooks.url);
    const seen = [];
    for (const url of [origin, `${origin}/lp-hook`, `${hooks.url}0`]) seen.push(await strictly(url, hooks.port, hooks.caPem));
    expect([seen, bodies]).toEqual([[404, 404, 404], []]);
  });

  test('hears nobody while nobody listens', async ({ expect, hooks: { hooks } }) => {
    hooks.listen(null);
    expect(await strictly(hooks.url, hooks.port, hooks.caPem)).toBe(503);
  });

  test('is trusted by a certificate made long before for the same key', async ({ expect }) => {
    const { keyPem, caPem } = await newAuthority();
    expect([isAuthorityKey(keyPem), isAuthorityKey('no key')]).toEqual([true, false]);
    const hooks = await receiver({ host, authorityPem: keyPem });
    try {
      hooks.listen(async () => ({ status: 204, headers: {}, body: '' }));
      expect(await strictly(hooks.url, hooks.port, caPem)).toBe(204);
    } finally {
      await hooks.close();
    }
  });
});

describe('what simulated platforms post with', () => {
  test('asks whether to trust what is wrong before it says a word', async ({ expect, hooks: { hooks, bodies } }) => {
    const post = httpsPoster({ host, port: hooks.port, caPem: hooks.caPem });
    const delivery = { url: `${hooks.url}/lp-w1`, headers: { 'webhook-id': 'ev_1' }, body: '{}' };
    const asked: TrustFlaw[] = [];
    const never = (flaw: TrustFlaw): boolean => {
      asked.push(flaw);
      return false;
    };
    expect(await post(delivery, never)).toEqual({ status: 200, body: 'taken', location: null });
    for (const flaw of flaws) {
      hooks.present(flaw, false);
      expect(await post(delivery, never)).toBeNull();
    }
    expect(asked).toEqual(flaws);
    expect(bodies).toEqual(['/lp-w1 ev_1 {}']);
    hooks.present('expired', false);
    expect(await post(delivery, () => true)).toEqual({ status: 200, body: 'taken', location: null });
    hooks.present(null, true);
    expect(await post(delivery, () => true)).toBeNull();
  });

  test('posts to its one host, whatever it is told', async ({ expect, hooks: { hooks, bodies } }) => {
    const post = httpsPoster({ host, port: hooks.port, caPem: hooks.caPem });
    for (const url of [`https://127.0.0.1:${hooks.port}/a`, `http://${host}/a`, 'https://door.example/a'])
      expect(await post({ url, headers: {}, body: '{}' }, () => true)).toBeNull();
    expect(bodies).toEqual([]);
  });
});
