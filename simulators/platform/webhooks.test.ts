import { Webhook } from 'standardwebhooks';
import { describe, test } from 'vitest';
import { virtualClock } from '../clock.ts';
import { declared, startMs } from '../lock/lock.fixture.ts';
import { seededRandom } from '../random.ts';
import type { LockPort } from '../lock/port.ts';
import { createPlatform, type Platform } from './platform.ts';
import { type Delivery, scopes } from './records.ts';
import { allowedUrl, type Receipt } from './webhooks.ts';

const silent: LockPort = { ask: () => new Promise(() => undefined), listen: () => () => undefined };
const none = { idempotencyKey: null, ifVersion: null };

/** A platform with one integration whose webhooks are answered by `reply`. */
async function withReceiver(
  reply: (delivery: Delivery, challenge: string | null) => Receipt,
  main: (platform: Platform, heard: readonly Delivery[], sleep: (ms: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  const virtual = virtualClock({ startMs, limitMs: 90 * 86_400_000 });
  await virtual.run(async () => {
    const heard: Delivery[] = [];
    const one = { id: 'int_1', account: 'acc_1', name: 'owner', client: 'c', secret: 's', scopes };
    const platform = createPlatform({
      world: { clock: virtual.clock, random: seededRandom(1) },
      declaration: { ...declared, api: { ...declared.api, eventRetentionMs: 90 * 86_400_000 } },
      decide: (_point, _given, honest) => honest,
      integrations: [one],
      locks: [{ id: 'lk_1', account: 'acc_1', name: 'Door', port: silent }],
      spare: () => null,
      spell: (event, challenge) => JSON.stringify({ id: event.id, type: event.rawType, data: { challenge } }),
      send: async (delivery) => {
        heard.push(delivery);
        const challenge: unknown = JSON.parse(delivery.body).data.challenge;
        return reply(delivery, typeof challenge === 'string' ? challenge : null);
      },
    });
    await main(platform, heard, (ms) => virtual.clock.sleep(ms));
    platform.close();
  });
}

function signedIn(platform: Platform) {
  const tokens = platform.signIn('c', 's', null);
  const by = tokens.kind === 'pair' ? platform.admit(tokens.access, 'addWebhook') : null;
  if (by?.kind !== 'admitted') throw new Error('the integration is not let in');
  return by;
}

function subscribe(platform: Platform): { readonly id: string; readonly secret: string } {
  const reply = platform.perform(signedIn(platform), { route: 'addWebhook', url: 'https://hooks.example.test/a' }, none, null);
  if (reply.kind !== 'ok' || reply.view.kind !== 'webhook') throw new Error('the webhook is refused');
  return { id: reply.view.id, secret: reply.view.secret ?? '' };
}

const addUser = (platform: Platform, name: string): unknown =>
  platform.perform(signedIn(platform), { route: 'addUser', name }, none, null);

describe('webhooks', () => {
  test('go out signed as Standard Webhooks says, once the owner has answered the challenge', async ({ expect }) => {
    const willing = (_: Delivery, challenge: string | null): Receipt => ({
      status: 200,
      body: JSON.stringify({ challenge }),
      location: null,
    });
    await withReceiver(willing, async (platform, heard, sleep) => {
      const { secret } = subscribe(platform);
      await sleep(1);
      addUser(platform, 'Ada');
      await sleep(1);
      expect(heard.map((one) => JSON.parse(one.body).type)).toEqual(['webhook.challenge', 'user.added']);
      const last = heard.at(-1);
      const receiver = new Webhook(`whsec_${secret}`);
      const { headers = {}, body = '' } = last ?? {};
      // The receiver looks at the time of its own day; only the signature is of interest here.
      // oxlint-disable-next-line no-restricted-globals
      const at = new Date(Number(headers['webhook-timestamp']) * 1000);
      expect(receiver.sign(String(headers['webhook-id']), at, body)).toBe(headers['webhook-signature']);
      expect(JSON.parse(body).id).toBe(headers['webhook-id']);
    });
  });

  test('are not pushed to those who do not answer the challenge', async ({ expect }) => {
    await withReceiver(
      () => ({ status: 200, body: '{}', location: null }),
      async (platform, heard, sleep) => {
        subscribe(platform);
        addUser(platform, 'Ada');
        await sleep(60_000);
        expect(new Set(heard.map((one) => JSON.parse(one.body).type))).toEqual(new Set(['webhook.challenge']));
      },
    );
  });

  test('are tried again under the same id, and switched off with an event when nobody takes them', async ({ expect }) => {
    let down = false;
    const moody = (_: Delivery, challenge: string | null): Receipt =>
      down ? null : { status: 200, body: JSON.stringify({ challenge }), location: null };
    await withReceiver(moody, async (platform, heard, sleep) => {
      const { id } = subscribe(platform);
      await sleep(1);
      down = true;
      addUser(platform, 'Ada');
      await sleep(10_000);
      down = false;
      await sleep(60_000);
      const tries = heard.filter((one) => JSON.parse(one.body).type === 'user.added');
      expect(tries.map((one) => one.attempt)).toEqual([1, 2, 3]);
      expect(new Set(tries.map((one) => one.headers['webhook-id'])).size).toBe(1);
      down = true;
      addUser(platform, 'Bob');
      await sleep(3 * 86_400_000);
      const view = platform.perform(signedIn(platform), { route: 'readWebhook', webhook: id }, none, id);
      expect(view.kind === 'ok' && view.view.kind === 'webhook' ? view.view.state : null).toBe('off');
      const feed = platform.perform(signedIn(platform), { route: 'readEvents', after: null, limit: 20 }, none, null);
      const events = feed.kind === 'ok' && feed.view.kind === 'feed' ? feed.view.events : [];
      expect(events.map((event) => event.verb)).toContain('webhook.removed');
    });
  });

  test('lead to no internal address and to nothing but https', ({ expect }) => {
    for (const url of [
      'http://hooks.example.test/',
      'https://localhost/',
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://10.1.2.3/',
      'https://192.168.0.9/',
      'https://172.20.0.1/',
      'https://169.254.169.254/',
      'https://[::1]/',
      'https://user:pass@hooks.example.test/',
      'https://hooks.example.test/#x',
      'https://printer.local/',
      'https://intranet/',
      'ftp://hooks.example.test/',
      'not a url',
    ]) {
      expect([url, allowedUrl(url)]).toEqual([url, false]);
    }
    expect(allowedUrl('https://hooks.example.test/a?b=1')).toBe(true);
  });
});
