import type { HttpLink, HttpReply, HttpRequest, HttpTrouble, TroubleName } from '../../contract/link.ts';
import type { Refusal } from '../../contract/answer.ts';
import type { Actor } from '../../contract/command.ts';
import { within } from '../../contract/world.ts';
import type { Clock } from '../../contract/world.ts';
import type { Book } from './book.ts';
import { isFields, refusalOf } from './codec.ts';
import type { Fields } from './codec.ts';
import { errorShape, faultsOf } from './schema.ts';
import { seamSdk } from './sdk.ts';
import type { SeamCall, SeamSdk, Verbs } from './sdk.ts';

/** A whole exchange, judged as far as HTTP and JSON go. */
export type Got =
  | { readonly kind: 'ok'; readonly status: number; readonly body: Fields }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: Refusal }
  | { readonly kind: 'lost'; readonly trouble: TroubleName };

/** Sends one request as an actor and reads its answer, within the declared time of a call. */
export interface Caller {
  ask(actor: Actor, call: SeamCall, book: Book): Promise<Got>;
  /** Past the SDK: for bodies that it would not send. */
  raw(actor: Actor, request: HttpRequest, book: Book): Promise<Got>;
}

/** A refusal that this driver speaks itself, because Seam cannot express what was asked. */
export const cannot = (code: string): Refusal => ({
  class: 'unsupported',
  code: `driver:${code}`,
  retryable: false,
  retryAfterMs: null,
  first: null,
});

function parsed(reply: HttpReply): { readonly json: unknown; readonly faults: readonly string[] } {
  const typed = /^application\/json\b/.test(reply.headers['content-type'] ?? '');
  try {
    return { json: JSON.parse(reply.body), faults: typed ? [] : ['content-type'] };
  } catch {
    return { json: null, faults: ['body'] };
  }
}

function judged(reply: HttpReply, book: Book): Got {
  const { json, faults } = parsed(reply);
  book.departs(faults);
  if (reply.status < 200 || reply.status > 299) {
    book.departs(faultsOf(errorShape, json, 'body'));
    return { kind: 'refused', status: reply.status, reason: refusalOf(reply.status, reply.headers, json) };
  }
  // A success that cannot be read tells nobody what was done.
  if (!isFields(json)) return { kind: 'lost', trouble: 'garbled' };
  return { kind: 'ok', status: reply.status, body: json };
}

const seen = (got: HttpReply | HttpTrouble, book: Book): Got => {
  if (got.kind === 'trouble') return { kind: 'lost', trouble: got.trouble };
  book.heard(got);
  return judged(got, book);
};

/** `keys` holds the key of every actor that can ask; null is for asking with none. */
export function openCaller(
  clock: Clock,
  link: HttpLink,
  keys: ReadonlyMap<Actor, string | null>,
  verbs: Verbs,
  callMs: number,
): Caller {
  const sdks = new Map<Actor, SeamSdk>([...keys].map(([actor, key]) => [actor, seamSdk(link, key, verbs)]));
  return {
    ask: async (actor, call, book) => {
      const sdk = sdks.get(actor);
      if (!sdk) return { kind: 'refused', status: 0, reason: cannot('no-such-actor') };
      book.sent();
      const timed = await within(clock, callMs, (signal) => sdk.ask(call, signal));
      if (timed.kind === 'late') return { kind: 'lost', trouble: 'late' };
      const exchange = timed.value;
      if (exchange.kind === 'unasked') return { kind: 'refused', status: 0, reason: cannot('sdk-refused-parameters') };
      const got = seen(exchange.got, book);
      // The official client would not have handed this answer on: worth knowing, whatever we make of it.
      if (got.kind === 'ok' && exchange.sdk === 'rejected') book.departs(['sdk']);
      return got;
    },
    raw: async (actor, request, book) => {
      const key = keys.get(actor);
      book.sent();
      const headers = key == null ? request.headers : { ...request.headers, authorization: `Bearer ${key}` };
      const timed = await within(clock, callMs, (signal) => link.ask({ ...request, headers }, signal));
      return timed.kind === 'late' ? { kind: 'lost', trouble: 'late' } : seen(timed.value, book);
    },
  };
}
