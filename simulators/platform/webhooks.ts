import type { EventView } from '../../contract/event.ts';
import type { TrustFlaw } from '../../contract/link.ts';
import type { Post } from '../../contract/vendor.ts';
import { within } from '../../contract/world.ts';
import { act, type Core } from './core.ts';
import type { Delivery, WebhookRecord } from './records.ts';
import { signed } from './signing.ts';

/** Waits between tries of one delivery. */
const triesAfterMs = [5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000] as const;
/** An answer later than this is none. */
const answerMs = 10_000;
/** Deliveries that wait for one webhook; the feed has what does not fit. */
const maxWaiting = 2000;
/** Webhooks of one integration. */
export const maxWebhooks = 20;

/** What came back from a delivery; null when nobody answered in time. */
export type Receipt = { readonly status: number; readonly body: string; readonly location: string | null } | null;
/** Carries one delivery; the composition owns the network. */
export type Send = (delivery: Delivery, trusts: Parameters<Post>[1]) => Promise<Receipt>;
/** The event as the wire spells it. */
export type Spell = (event: EventView, challenge: string | null) => string;

const internalHost = (host: string): boolean =>
  /^(localhost|.*\.(localhost|local|internal|lan|home|arpa))\.?$/i.test(host) ||
  /^(0|10|127)\./.test(host) ||
  /^(169\.254|192\.168|198\.1[89])\./.test(host) ||
  /^172\.(1[6-9]|2\d|3[01])\./.test(host) ||
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(host) ||
  /^(22[4-9]|2[3-5]\d)\./.test(host) ||
  host.startsWith('[') ||
  !host.includes('.');

/** Whether a URL may be posted to: https, no user info, no fragment, and no host of an internal network. */
export function allowedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '' && !text.includes('#');
  return plain && !internalHost(url.hostname);
}

interface Waiting {
  readonly event: EventView;
  /** Null for an event of the feed. */
  readonly challenge: string | null;
}

const accepted = (receipt: Receipt, waiting: Waiting): boolean => {
  if (!receipt || receipt.status < 200 || receipt.status > 299) return false;
  if (waiting.challenge === null) return true;
  try {
    const body: unknown = JSON.parse(receipt.body);
    return typeof body === 'object' && body !== null && 'challenge' in body && body.challenge === waiting.challenge;
  } catch {
    return false;
  }
};

/** Pushes events to webhooks, in order for each, at least once, on a bounded schedule, until `stop`. */
export class Pusher {
  readonly #core: Core;
  readonly #send: Send;
  readonly #spell: Spell;
  readonly #stop: AbortSignal;
  readonly #lines = new Map<string, Waiting[]>();

  constructor(core: Core, send: Send, spell: Spell, stop: AbortSignal) {
    this.#core = core;
    this.#send = send;
    this.#spell = spell;
    this.#stop = stop;
  }

  /** An event joined a feed. */
  event(account: string, event: EventView): void {
    for (const webhook of this.#core.store.webhooks.values()) {
      if (webhook.account === account && webhook.state === 'active') this.#push(webhook.id, { event, challenge: null });
    }
  }

  /** Asks a new webhook whether its owner wants it. */
  challenge(webhook: WebhookRecord): void {
    const draft = act('unknown', { rawType: 'webhook.challenge', integration: webhook.integration });
    const event = { ...draft, id: this.#core.store.id('ev'), platformMs: this.#core.world.clock.nowMs() };
    this.#push(webhook.id, { event, challenge: this.#core.store.secret() });
  }

  #current(id: string): WebhookRecord | null {
    const webhook = this.#core.store.webhooks.get(id);
    return webhook && webhook.state !== 'off' && !this.#stop.aborted ? webhook : null;
  }

  /** Tries one delivery until it is received or the schedule ends; whether it was received, or nobody wants it any more. */
  async #deliver(id: string, waiting: Waiting): Promise<boolean> {
    const { clock } = this.#core.world;
    for (let attempt = 1; attempt <= triesAfterMs.length + 1; attempt += 1) {
      const webhook = this.#current(id);
      if (!webhook) return true;
      const body = this.#spell(waiting.event, waiting.challenge);
      const honest = { id: waiting.event.id, nowMs: clock.nowMs(), secret: webhook.secret, body };
      const signing = this.#core.decide('webhook.sign', { webhook, event: waiting.event, attempt }, honest);
      const headers = signed(signing);
      const delivery: Delivery = { webhook: id, url: webhook.url, headers, body, attempt };
      let done = false;
      for (const one of this.#core.decide('webhook.send', { webhook, event: waiting.event, delivery }, [delivery])) {
        const trusts = (flaw: TrustFlaw): boolean => this.#core.decide('webhook.trust', { webhook, flaw }, false);
        const timed = await within(clock, answerMs, () => this.#send(one, trusts));
        const receipt = timed.kind === 'done' ? timed.value : null;
        const location = receipt?.location ?? null;
        const isFollowed = location !== null && this.#core.decide('webhook.follow', { webhook, location }, false);
        const last = isFollowed ? await this.#send({ ...one, url: location }, trusts) : receipt;
        done = accepted(last, waiting) || done;
      }
      if (done) return true;
      const delayMs = triesAfterMs[attempt - 1];
      if (delayMs !== undefined) await clock.sleep(delayMs, this.#stop);
    }
    return false;
  }

  async #run(id: string, line: Waiting[]): Promise<void> {
    for (let first = line[0]; first; first = line[0]) {
      const received = await this.#deliver(id, first);
      line.shift();
      const webhook = this.#current(id);
      if (!webhook) break;
      if (!received) {
        this.#core.store.webhooks.set(id, { ...webhook, state: 'off' });
        if (this.#core.decide('webhook.off', { webhook }, 'told') === 'told')
          this.#core.tell(webhook.account, act('webhook.removed', { integration: webhook.integration }));
        break;
      }
      if (first.challenge !== null) this.#core.store.webhooks.set(id, { ...webhook, state: 'active' });
    }
    this.#lines.delete(id);
  }

  #push(id: string, waiting: Waiting): void {
    const line = this.#lines.get(id);
    if (line) {
      if (line.length < maxWaiting) line.push(waiting);
      return;
    }
    const made = [waiting];
    this.#lines.set(id, made);
    void this.#run(id, made);
  }
}
