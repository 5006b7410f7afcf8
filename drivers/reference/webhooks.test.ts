import { describe, test } from 'vitest';
import { webhookPlaces } from '../../contract/command.ts';
import { runSecrets } from '../../harness/secrets.ts';
import { realClock } from '../../rig/clock.ts';
import { allowedUrl } from '../../simulators/platform/webhooks.ts';
import { decodeWebhook, webhookReader, webhookUrl } from './webhooks.ts';

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const secret = secretOf(7);
const origin = 'https://hooks.example.test:8944';
const event = '{"specversion":"1.0","id":"ev_1","type":"user.added","time":"2027-03-01T09:00:00Z","data":{}}';
const challenge =
  '{"specversion":"1.0","id":"ev_1","type":"webhook.challenge","time":"2027-03-01T09:00:00Z","data":{"challenge":"0123456789abcdef"}}';
/** As the library `standardwebhooks` signs them with `secret`; the first stands in docs/wire/webhooks.md. */
const signatures: Readonly<Record<string, string>> = {
  '{}': 'v1,6EYYj7Q8iWY071LiPR6ZOabV+ykDXMt1z0XCTWr/hCI=',
  [event]: 'v1,w7WMJ5DrsQwsGbpZvdf8NnGxjuPtBgUE7Sc0ZZ2kuXI=',
  [challenge]: 'v1,+azdNuOiHenLye98kPvdwktK1poh1haCI16XHgTaC9s=',
};

/** A delivery as a sender of others makes it. */
const sent = (body: string) => ({
  path: '/lp-w1',
  headers: { 'webhook-id': 'ev_1', 'webhook-timestamp': '1800000000', 'webhook-signature': signatures[body] ?? '' },
  body,
});

const secrets = () => runSecrets(1, { minDigits: 4, maxDigits: 6 });
function reader(shown = secret) {
  const kept = secrets();
  const hooks = webhookReader(realClock(), kept);
  hooks.asked('w1', Promise.resolve({ id: 'wh_1', state: 'pending', secret: shown }));
  return { hooks, kept };
}

describe('what is pushed', () => {
  test('is taken for signed only if every byte of it is', async ({ expect }) => {
    const { hooks, kept } = reader();
    const good = sent(event);
    const said = async (posted: typeof good) => (await hooks.receive(posted)).delivery.signature;
    expect(await hooks.receive(good)).toMatchObject({
      delivery: {
        id: 'ev_1',
        webhook: 'w1',
        signature: 'valid',
        stampMs: 1_800_000_000_000,
        event: { id: 'ev_1', verb: 'user.added' },
      },
      reply: { status: 204 },
    });
    expect(await said({ ...good, body: `${event} ` })).toBe('wrong');
    expect(await said({ ...good, headers: { ...good.headers, 'webhook-id': 'ev_2' } })).toBe('wrong');
    expect(await said({ ...good, headers: { ...good.headers, 'webhook-timestamp': '1800000001' } })).toBe('wrong');
    expect((await reader(secretOf(8)).hooks.receive(good)).delivery.signature).toBe('wrong');
    expect(await said(sent('{}'))).toBe('valid');
    expect(await said({ ...good, headers: { ...good.headers, 'webhook-signature': 'v1,' } })).toBe('wrong');
    // Two at once, while secrets rotate.
    const both = `v1,${Buffer.alloc(32).toString('base64')} ${good.headers['webhook-signature']}`;
    expect(await said({ ...good, headers: { ...good.headers, 'webhook-signature': both } })).toBe('valid');
    const { 'webhook-signature': _, ...unsigned } = good.headers;
    expect((await hooks.receive({ ...good, headers: unsigned })).delivery.signature).toBe('missing');
    expect(kept.redact(`a text with ${secret.slice(6)} in it`)).toBe('a text with ••• in it');
  });

  test('waits for a secret that is on its way, and not for one that is not', async ({ expect }) => {
    const hooks = webhookReader(realClock(), secrets());
    let show: (body: unknown) => void = () => undefined;
    hooks.asked('w1', new Promise((resolve) => (show = resolve)));
    const received = hooks.receive(sent(event));
    show({ id: 'wh_1', state: 'pending', secret });
    expect((await received).delivery.signature).toBe('valid');
    expect((await hooks.receive({ ...sent('{}'), path: '/lp-w2' })).delivery.signature).toBe('unknown');
    expect((await hooks.receive({ ...sent('{}'), path: '/../etc' })).delivery).toMatchObject({ webhook: '', event: null });
  });

  test('gets its challenge back only if it may be the platform’s', async ({ expect }) => {
    const { hooks } = reader();
    expect(await hooks.receive(sent(challenge))).toMatchObject({
      delivery: { challenge: true, event: null },
      reply: { status: 200, body: '{"challenge":"0123456789abcdef"}' },
    });
    expect((await reader(secretOf(9)).hooks.receive(sent(challenge))).reply).toEqual({ status: 204, body: '' });
  });
});

test('of the places to push to our receiver alone is one to accept', ({ expect }) => {
  const urls = webhookPlaces.map((to) => [to, webhookUrl({ do: 'addWebhook', webhook: 'w1', to }, origin)] as const);
  expect(urls.filter(([, url]) => allowedUrl(url))).toEqual([['receiver', `${origin}/lp-w1`]]);
  expect(new Set(urls.map(([, url]) => url)).size).toBe(urls.length);
});

test('a webhook is known again by the end of its URL', ({ expect }) => {
  const view = { id: 'wh_1', state: 'active' };
  expect(decodeWebhook({ ...view, url: `${origin}/lp-w1-mgt4` })).toEqual({
    id: 'wh_1',
    state: 'active',
    name: 'w1-mgt4',
    showsSecret: false,
  });
  expect(decodeWebhook({ ...view, url: 'https://others.example/hook', secret })).toMatchObject({ name: null, showsSecret: true });
  expect(decodeWebhook({ ...view, state: 'odd', url: origin })).toBeNull();
});
