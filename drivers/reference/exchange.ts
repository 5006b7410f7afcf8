import type { HttpLink, HttpReply, HttpRequest, TroubleName } from '../../contract/link.ts';
import type { Facts, Refusal, RefusalClass } from '../../contract/answer.ts';
import type { Secrets } from '../../contract/secrets.ts';
import { within, type World } from '../../contract/world.ts';
import { parseJson } from './json.ts';
import { decodeProblem } from './refusal.ts';
import { answerFaults, problemType } from './wire.ts';

/** Most wire faults that one command reports. */
const maxWireFaults = 20;

/** Where requests go, and how long one may take. */
export interface Line {
  readonly world: World;
  readonly http: HttpLink;
  readonly secrets: Secrets;
  readonly callMs: number;
}

/** What was seen while a command was carried out; grows with each request. */
export interface Tally {
  tries: number;
  /** The longest single exchange: what `timing.callMs` bounds. */
  tookMs: number;
  status: number | null;
  readonly secretsSeen: Set<string>;
  readonly wireFaults: Set<string>;
  rate: Facts['rate'];
}

export const newTally = (): Tally => ({
  tries: 0,
  tookMs: 0,
  status: null,
  secretsSeen: new Set(),
  wireFaults: new Set(),
  rate: null,
});

export const factsOf = (tally: Tally): Facts => ({
  tookMs: tally.tookMs,
  tries: tally.tries,
  status: tally.status,
  secretsSeen: [...tally.secretsSeen],
  wireFaults: [...tally.wireFaults].slice(0, maxWireFaults),
  rate: tally.rate,
});

/** An answer of the platform, or what happened instead of one. `body` is undefined for an empty one, null JSON apart. */
export type Heard =
  | { readonly kind: 'heard'; readonly reply: HttpReply; readonly isJson: boolean; readonly body: unknown }
  | { readonly kind: 'trouble'; readonly trouble: TroubleName; readonly unsent: boolean };

function secondsOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The pause that `Retry-After` asks for, in ms; null where there is none in whole seconds. */
export function retryAfterMs(reply: HttpReply): number | null {
  const seconds = secondsOf(reply.headers['retry-after']);
  return seconds === null ? null : seconds * 1000;
}

function rateOf(reply: HttpReply): Facts['rate'] {
  const limit = secondsOf(reply.headers['ratelimit-limit']);
  const remaining = secondsOf(reply.headers['ratelimit-remaining']);
  const reset = secondsOf(reply.headers['ratelimit-reset']);
  return limit === null || remaining === null || reset === null ? null : { limit, remaining, resetMs: reset * 1000 };
}

/** One request and its answer, within `callMs`, noted in the tally. A later answer is dropped. */
export async function exchange(line: Line, operation: string, request: HttpRequest, tally: Tally): Promise<Heard> {
  const { clock } = line.world;
  const startMs = clock.nowMs();
  tally.tries += 1;
  const timed = await within(clock, line.callMs, (signal) => line.http.ask(request, signal));
  tally.tookMs = Math.max(tally.tookMs, clock.nowMs() - startMs);
  if (timed.kind === 'late') return { kind: 'trouble', trouble: 'late', unsent: false };
  if (timed.value.kind === 'trouble') return timed.value;
  const reply = timed.value;
  tally.status = reply.status;
  tally.rate = rateOf(reply) ?? tally.rate;
  for (const symbol of line.secrets.seenIn(reply.body)) tally.secretsSeen.add(symbol);
  const parsed = parseJson(reply.body);
  const faults = parsed
    ? answerFaults(operation, reply.status, reply.headers['content-type'] ?? null, parsed.value, reply.headers)
    : ['body'];
  for (const fault of faults) if (tally.wireFaults.size < maxWireFaults) tally.wireFaults.add(fault);
  return { kind: 'heard', reply, isJson: parsed !== null, body: parsed?.value };
}

function classOf(status: number): RefusalClass {
  if (status >= 500) return status === 501 ? 'unsupported' : 'platform';
  if (status === 401) return 'credential';
  if (status === 403) return 'permission';
  if (status === 404 || status === 410) return 'missing';
  if (status === 409 || status === 412) return 'conflict';
  return status === 429 ? 'rate' : 'request';
}

/** What a refusal says, in the contract's words: by its registered type, else by its status. */
export function refusalOf(reply: HttpReply, body: unknown): Refusal {
  const { code, retryable, first } = decodeProblem(body);
  const known = problemType(code);
  return {
    class: known?.status === reply.status ? known.class : classOf(reply.status),
    code,
    retryable,
    retryAfterMs: retryAfterMs(reply),
    first,
  };
}

/** The request certainly did not arrive. */
export const networkRefusal: Refusal = { class: 'network', code: '', retryable: true, retryAfterMs: null, first: null };
