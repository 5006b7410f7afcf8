import { createHmac } from 'node:crypto';

/** What a delivery is signed over, and by which secret, base64. */
export interface Signing {
  readonly secret: string;
  readonly id: string;
  readonly nowMs: number;
  readonly body: string;
}

/** Signs as Standard Webhooks 1.0 says: HMAC-SHA256 over id, timestamp and body. */
export function signed({ secret, id, nowMs, body }: Signing): Readonly<Record<string, string>> {
  const seconds = Math.floor(nowMs / 1000);
  const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'content-type': 'application/cloudevents+json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${mac}`,
  };
}
