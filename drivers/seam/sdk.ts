import { Seam } from 'seam';
import type { HttpLink, HttpReply, HttpRequest, HttpTrouble } from '../../contract/link.ts';

/** A call on the official SDK, e.g. `(seam) => seam.locks.get({ device_id })`. Lazy: nothing is sent until it is awaited. */
export type SeamCall = (seam: Seam) => PromiseLike<unknown>;

/** What came of a call: the raw reply as our link saw it, and whether the SDK would have handed it on as a success. */
export type Exchange =
  | { readonly kind: 'asked'; readonly got: HttpReply | HttpTrouble; readonly sdk: 'accepted' | 'rejected' }
  /** The SDK refused the parameters before anything was sent. */
  | { readonly kind: 'unasked' };

/**
 * `sdk` keeps the SDK's own HTTP verbs (GET, PATCH, PUT, DELETE with a query). `post` sends all but GET as POST with a
 * JSON body: "The Seam API accepts POST on every endpoint" (@seamapi/blueprint, createEndpoint).
 */
export type Verbs = 'sdk' | 'post';

/** The official SDK on one link with one key (null: no Authorization header). Throws on a key that the SDK takes for none. */
export interface SeamSdk {
  ask(call: SeamCall, signal: AbortSignal): Promise<Exchange>;
}

/** Where requests seem to go. The link knows the real origin, so this name is never resolved. */
const origin = 'http://seam.invalid';
/** Stands in where no key is to be sent: the SDK cannot be made without one. The adapter takes it off again. */
const noKey = 'seam_nokey_000000000000';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const methodOf = (name: string | undefined): (typeof methods)[number] =>
  methods.find((method) => method === name?.toUpperCase()) ?? 'GET';

function requestOf(
  config: { method?: string; data?: unknown; params?: unknown; headers: { toJSON(): Record<string, unknown> } },
  uri: string,
  withKey: boolean,
  verbs: Verbs,
): HttpRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(config.headers.toJSON())) {
    if (typeof value !== 'string' || (!withKey && name.toLowerCase() === 'authorization')) continue;
    headers[name.toLowerCase()] = value;
  }
  const method = methodOf(config.method);
  const path = uri.slice(origin.length);
  const body = typeof config.data === 'string' ? { body: config.data } : {};
  if (verbs === 'sdk' || method === 'GET' || method === 'POST') return { method, path, headers, ...body };
  return {
    method: 'POST',
    path: path.split('?')[0] ?? path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: body.body ?? JSON.stringify(config.params ?? {}),
  };
}

/** How the SDK's HTTP library wants a failed answer: thrown, and marked as its own. */
const failed = (response: object, config: object): Error =>
  Object.assign(new Error('the platform refused'), { isAxiosError: true, response, config });

function client(
  token: string | null,
  verbs: Verbs,
  link: HttpLink,
  signal: AbortSignal,
  heard: (got: HttpReply | HttpTrouble) => void,
) {
  const seam: Seam = new Seam({
    apiKey: token ?? noKey,
    endpoint: origin,
    // No time limit of the SDK's, no retries of its own, no waiting for action attempts: the driver decides all three.
    timeout: 0,
    axiosRetryOptions: { retries: 0 },
    waitForActionAttempt: false,
    axiosOptions: {
      adapter: async (config) => {
        const got = await link.ask(requestOf(config, seam.client.getUri(config), token !== null, verbs), signal);
        heard(got);
        if (got.kind === 'trouble') throw new Error('no answer');
        const response = { data: got.body, status: got.status, statusText: '', headers: { ...got.headers }, config };
        if (got.status < 200 || got.status > 299) throw failed({ ...response, data: parsed(got.body) }, config);
        return response;
      },
    },
  });
  return seam;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/**
 * The SDK with its HTTP replaced by `link`: the SDK makes the requests and reads the answers, the link sends them with
 * its own limits and weather. One SDK object a call, so that parallel calls never share a signal or an answer.
 */
export function seamSdk(link: HttpLink, token: string | null, verbs: Verbs): SeamSdk {
  client(token, verbs, link, AbortSignal.abort(), () => undefined);
  return {
    ask: async (call, signal) => {
      let got: HttpReply | HttpTrouble | null = null;
      const seam = client(token, verbs, link, signal, (heard) => (got ??= heard));
      let sdk: 'accepted' | 'rejected' = 'accepted';
      try {
        await call(seam);
      } catch {
        sdk = 'rejected';
      }
      return got === null ? { kind: 'unasked' } : { kind: 'asked', got, sdk };
    },
  };
}
