import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CommandOf, WebhookPlace } from '../../contract/command.ts';
import type { Posted } from '../../contract/link.ts';
import type { Received } from '../../contract/lock.ts';
import type { WebhookView } from '../../contract/view.ts';
import type { Secrets } from '../../contract/secrets.ts';
import { type Clock, within } from '../../contract/world.ts';
import type { Delivery } from '../../contract/wire.ts';
import { decodeEvent } from './codec.ts';
import { fieldOf, idOf, parseJson, textOf, wordOf } from './json.ts';

/** Webhooks of this wire (docs/wire/openapi.yaml, section 15), seen from their receiver. */

const states = ['pending', 'active', 'off'] as const;
const named = /\/lp-([A-Za-z0-9-]{1,80})$/;
const secretText = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/;
/** A secret that is on its way while the first delivery comes is waited for so long. */
const secretMs = 1_000;
const maxChallenge = 100;
const maxId = 64;

/** What to ask for: our receiver, or a place that must be refused. Addresses of RFC 1918, 3927 and 1122. */
export function webhookUrl({ webhook, to }: CommandOf<'addWebhook'>, receiver: string): string {
  const end = `/lp-${encodeURIComponent(webhook)}`;
  const urls: Readonly<Record<WebhookPlace, string>> = {
    receiver: receiver + end,
    'in-clear': receiver.replace(/^https:/, 'http:') + end,
    loopback: `https://127.0.0.1${end}`,
    private: `https://10.20.30.40${end}`,
    'link-local': `https://169.254.169.254${end}`,
    'with-user': `${receiver.replace('://', '://somebody@')}${end}`,
  };
  return urls[to];
}

export function decodeWebhook(value: unknown): WebhookView | null {
  const id = idOf(fieldOf(value, 'id'));
  const state = wordOf(fieldOf(value, 'state'), states);
  const url = textOf(fieldOf(value, 'url'), 2_000);
  if (id === null || state === null || url === null) return null;
  return { id, state, name: named.exec(url)?.[1] ?? null, showsSecret: fieldOf(value, 'secret') !== undefined };
}

/** Whether one of the signatures was made with the secret (Standard Webhooks 1.0, over id, timestamp and body). */
function isSigned(headers: Posted['headers'], body: string, secret: string): boolean {
  const over = `${headers['webhook-id'] ?? ''}.${headers['webhook-timestamp'] ?? ''}.${body}`;
  const right = createHmac('sha256', Buffer.from(secret, 'base64')).update(over).digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.startsWith('v1,') ? one.slice(3) : '', 'base64');
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

/** Keeps the secrets that deliveries are signed with, and reads deliveries. */
export function webhookReader(clock: Clock, secrets: Secrets) {
  const coming = new Map<string, Promise<string | null>>();
  const secretByName = new Map<string, string>();

  /** The secret of a webhook; undefined while the platform has not yet shown it. */
  async function secretOf(name: string): Promise<string | null | undefined> {
    const answer = coming.get(name);
    if (!answer) return undefined;
    const timed = await within(clock, secretMs, () => answer);
    return timed.kind === 'done' ? timed.value : undefined;
  }

  const isShared = (name: string, secret: string): boolean =>
    [...secretByName].some(([other, shown]) => other !== name && shown === secret);

  return {
    /** A webhook was asked for under this name; the answer, when it comes, shows its secret. */
    asked(name: string, answer: Promise<unknown>): void {
      coming.set(
        name,
        answer.then((body) => {
          const secret = secretText.exec(textOf(fieldOf(body, 'secret'), 200) ?? '')?.[1] ?? null;
          if (secret !== null) {
            secrets.keep(secret);
            secretByName.set(name, secret);
          }
          return secret;
        }),
      );
    },
    async receive({ path, headers, body }: Posted): Promise<Received> {
      const webhook = named.exec(path)?.[1] ?? '';
      const secret = await secretOf(webhook);
      const value = parseJson(body)?.value;
      const challenge = textOf(fieldOf(fieldOf(value, 'data'), 'challenge'), maxChallenge);
      const stamp = headers['webhook-timestamp'] ?? '';
      const isThere = headers['webhook-signature'] !== undefined;
      const known = secret !== null && secret !== undefined;
      const signature: Delivery['signature'] = !isThere
        ? 'missing'
        : !known
          ? 'unknown'
          : isSigned(headers, body, secret)
            ? 'valid'
            : 'wrong';
      return {
        delivery: {
          id: (headers['webhook-id'] ?? '').slice(0, maxId),
          event: challenge === null ? decodeEvent(value) : null,
          challenge: challenge !== null,
          signature,
          sharesSecret: known && isShared(webhook, secret),
          webhook,
          stampMs: /^\d{1,12}$/.test(stamp) ? Number(stamp) * 1_000 : null,
          secretsSeen: [...secrets.seenIn(body)],
        },
        // Whoever asks for what was never wanted, or in another's name, gets no answer that he could use.
        reply:
          challenge === null || signature === 'wrong' || signature === 'missing'
            ? { status: 204, body: '' }
            : { status: 200, body: JSON.stringify({ challenge }) },
      };
    },
  };
}
