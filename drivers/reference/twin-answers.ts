import type { ObjectView, RateView, Reply, Route, View } from '../../simulators/platform/actions.ts';
import type { Problem } from '../../simulators/platform/problems.ts';
import { encodeFeed, encodeGrant, encodeLock, encodeMe, encodeOperation, encodePage, encodeUser } from './codec.ts';
import type { Json, JsonObject } from './json.ts';
import { encodeProblem } from './refusal.ts';

const created: ReadonlySet<Route> = new Set(['addUser', 'addWebhook']);
const deferred: ReadonlySet<Route> = new Set([
  'operate',
  'setMode',
  'scheduleMode',
  'clearModes',
  'installFirmware',
  'createGrant',
]);
const folders: Readonly<Partial<Record<View['kind'], string>>> = {
  operation: '/v1/operations/',
  user: '/v1/users/',
  grant: '/v1/grants/',
  webhook: '/v1/webhooks/',
};

const seconds = (ms: number): string => String(Math.max(0, Math.ceil(ms / 1000)));

function rateHeaders(rate: RateView | null): Record<string, string> {
  if (!rate) return {};
  return {
    'ratelimit-limit': String(rate.limit),
    'ratelimit-remaining': String(rate.remaining),
    'ratelimit-reset': seconds(rate.resetMs),
  };
}

function encodeObject(view: ObjectView): JsonObject {
  switch (view.kind) {
    case 'lock':
      return { ...encodeLock(view), ...(view.predecessor === null ? {} : { predecessor: view.predecessor }) };
    case 'user':
      return encodeUser(view);
    case 'grant': {
      const { duress, ...shown } = view;
      return encodeGrant({ ...shown, ...(duress !== null && { duress }) });
    }
    case 'operation': {
      const { work } = view;
      if (work.kind === 'mode') return encodeOperation({ ...view, kind: 'mode', target: work.mode });
      if (work.kind === 'spell') return encodeOperation({ ...view, kind: 'mode-schedule', target: work.spell?.mode ?? 'none' });
      if (work.kind === 'install') return encodeOperation({ ...view, kind: 'firmware', target: work.version });
      return encodeOperation({ ...view, kind: 'bolt', target: work.kind === 'lock' ? 'locked' : 'unlocked' });
    }
    case 'webhook': {
      const { id, url, state, secret } = view;
      return { id, url, state, ...(secret === null ? {} : { secret: `whsec_${secret}` }) };
    }
    case 'integration':
      return { id: view.id, kind: 'integration', name: view.name, scopes: [...view.scopes] };
  }
}

function encodeView(route: Route, view: View): Json | undefined {
  if (view.kind === 'none') return undefined;
  if (view.kind === 'page') return encodePage(view.items.map(encodeObject), view.cursor);
  if (view.kind === 'feed') return encodeFeed(view.events, view.cursor, view.horizonMs);
  if (route === 'identify' && view.kind === 'integration') {
    return encodeMe({ account: view.account, integration: view.id, scopes: view.scopes });
  }
  return encodeObject(view);
}

const statusOf = (route: Route, view: View, accepted: boolean): number => {
  if (view.kind === 'none') return 204;
  if (created.has(route)) return 201;
  return accepted || deferred.has(route) ? 202 : 200;
};

/** An answer before it becomes bytes; no body where HTTP has none. */
export interface Spelled {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

/** The answer to a request that the platform did. */
export function okAnswer(route: Route, reply: Extract<Reply, { kind: 'ok' }>, rate: RateView | null): Spelled {
  const { view, accepted, repeated } = reply;
  const headers: Record<string, string> = rateHeaders(rate);
  if (repeated) headers['idempotency-replayed'] = 'true';
  if (view.kind === 'user' || view.kind === 'grant') headers['etag'] = `"${view.version}"`;
  const folder = folders[view.kind];
  if (folder && 'id' in view && (created.has(route) || deferred.has(route))) headers['location'] = folder + view.id;
  const status = statusOf(route, view, accepted);
  const body = encodeView(route, view);
  return { status, headers, body };
}

/** A refusal as Problem Details. */
export function problemAnswer(told: Problem, rate: RateView | null, more: Readonly<Record<string, string>> = {}): Spelled {
  const headers: Record<string, string> = { ...rateHeaders(rate), ...more };
  if (told.status === 401) headers['www-authenticate'] = 'Bearer realm="lock platform"';
  if (told.retryAfterMs !== null) headers['retry-after'] = String(Math.max(1, Math.ceil(told.retryAfterMs / 1000)));
  return { status: told.status, headers, body: encodeProblem({ ...told, slug: told.name }) };
}

const firstRefusal = 400;

/** The bytes of an answer. */
export function respond({ status, headers, body }: Spelled): Response {
  if (body === undefined) return new Response(null, { status, headers });
  const type = status >= firstRefusal ? 'application/problem+json' : 'application/json';
  return new Response(JSON.stringify(body), { status, headers: { ...headers, 'content-type': type } });
}
