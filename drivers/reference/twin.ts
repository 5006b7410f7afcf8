import { Hono } from 'hono';
import type { Declaration } from '../../contract/declaration.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { Access, Post, Twin } from '../../contract/vendor.ts';
import type { World } from '../../contract/world.ts';
import { isFault } from '../../simulators/decisions.ts';
import type { Admitted, Route, Terms } from '../../simulators/platform/actions.ts';
import type { Platform } from '../../simulators/platform/platform.ts';
import { problem, type ProblemName } from '../../simulators/platform/problems.ts';
import { simulatedWorld } from '../../simulators/world.ts';
import { encodeEvent } from './codec.ts';
import { actionOf, routes } from './twin-actions.ts';
import { okAnswer, problemAnswer, respond, type Spelled } from './twin-answers.ts';
import { isMedia, jsonBody, textBody } from './twin-bodies.ts';
import { issueToken, revokeToken } from './twin-tokens.ts';
import { operations, requestFaults, type Operation } from './wire.ts';

const bearer = /^Bearer +([\x21-\x7e]{1,1000}) *$/i;
const cursorText = /^[\x21-\x7e]{1,200}$/;
const keyText = /^[\x21-\x7e]{1,128}$/;

/** What a query says of a page; a name where it says nothing that can be. */
function pageAsked(query: URLSearchParams, cursorName: string): { cursor: string | null; limit: number | null } | ProblemName {
  const cursor = query.get(cursorName);
  const limit = query.get('limit');
  if (limit !== null && (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000)) return 'parameter-invalid';
  if (cursor !== null && !cursorText.test(cursor)) return 'cursor-invalid';
  return { cursor, limit: limit === null ? null : Number(limit) };
}

/** If-Match as a version: null without one or with `*`, and one that no object has for a tag that is not ours. */
function versionOf(ifMatch: string | null): number | null {
  if (ifMatch === null || ifMatch.trim() === '*') return null;
  const version = /^"(\d{1,12})"$/.exec(ifMatch.trim())?.[1];
  return version === undefined ? -1 : Number(version);
}

/** The body of a request that needs one, checked against the document; a name where it is not what that says. */
async function bodyOf(operation: string, request: Request): Promise<{ readonly value: unknown } | ProblemName> {
  const read = await textBody(request);
  if (read.kind === 'too-large') return 'body-too-large';
  if (!isMedia(request.headers.get('content-type'), 'application/json')) return 'media-type';
  const json = read.kind === 'text' ? jsonBody(read.text) : read;
  if (json.kind !== 'json' || requestFaults(operation, json.value).length > 0) return 'body-malformed';
  return { value: json.value };
}

/** One request to one operation of the document: decoded, asked of the platform, encoded. */
async function serve(
  platform: Platform,
  operation: Operation,
  route: Route,
  request: Request,
  pathId: string | null,
): Promise<Spelled> {
  const token = bearer.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
  const by = platform.admit(token, route);
  if (by.kind === 'refused') return problemAnswer(by.problem, by.rate);
  const refuse = (name: ProblemName): Spelled => problemAnswer(platform.refusal(route, problem(name)), by.rate);
  const query = new URL(request.url).searchParams;
  const id = route === 'listGrants' ? query.get('lock') : pathId;
  if (route === 'listGrants' && (id === null || !/^[A-Za-z0-9_-]{1,64}$/.test(id))) return refuse('parameter-invalid');
  const hidden = id === null ? null : platform.locate(by, route, id);
  if (hidden) return problemAnswer(hidden.problem, hidden.rate);
  const writes = request.method !== 'GET' && request.method !== 'DELETE';
  const body = writes ? await bodyOf(operation.id, request) : { value: undefined };
  if (typeof body === 'string') return refuse(body);
  const page = pageAsked(query, route === 'readEvents' ? 'after' : 'cursor');
  if (typeof page === 'string' && request.method === 'GET') return refuse(page);
  const where = { id: id ?? '', ...(typeof page === 'string' ? { cursor: null, limit: null } : page) };
  return perform(platform, by, route, request, id, actionOf(route, where, body.value));
}

function perform(
  platform: Platform,
  by: Admitted,
  route: Route,
  request: Request,
  id: string | null,
  action: ReturnType<typeof actionOf>,
): Spelled {
  const refuse = (name: ProblemName): Spelled => problemAnswer(platform.refusal(route, problem(name)), by.rate);
  const idempotencyKey = request.method === 'POST' ? request.headers.get('idempotency-key') : null;
  if (idempotencyKey !== null && !keyText.test(idempotencyKey)) return refuse('key-invalid');
  if (!action) return refuse('body-malformed');
  const terms: Terms = { idempotencyKey, ifVersion: versionOf(request.headers.get('if-match')) };
  const reply = platform.perform(by, action, terms, id);
  return reply.kind === 'ok' ? okAnswer(route, reply, by.rate) : problemAnswer(reply.problem, by.rate);
}

/** Whom a request is for: every twin has a platform of its own, all have one face. */
interface Behind {
  readonly world: World;
  readonly platform: Platform;
}

/** An answer on its way out: the platform has the last word on what is told, and when. */
async function deliver({ world, platform }: Behind, route: Route, spelled: Spelled): Promise<Response> {
  const { delayMs, status, body } = platform.tell(route, spelled);
  if (delayMs > 0) await world.clock.sleep(delayMs);
  return respond({ ...spelled, status, body });
}

/** The platform's HTTP face: every path of the document, and problems for all others. */
function makeFace(): Hono<{ Bindings: Behind }> {
  const app = new Hono<{ Bindings: Behind }>();
  const methods = new Map<string, string[]>();
  for (const operation of operations()) {
    const route = routes[operation.id];
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':id');
    methods.set(path, [...(methods.get(path) ?? []), operation.method]);
    if (route)
      app.on(operation.method, path, async (c) => {
        const { platform } = c.env;
        return deliver(c.env, route, await serve(platform, operation, route, c.req.raw, c.req.param('id') ?? null));
      });
  }
  app.post('/oauth/token', (c) => issueToken(c.env.world, c.env.platform, c.req.raw));
  app.post('/oauth/revoke', (c) => revokeToken(c.env.platform, c.req.raw));
  for (const [path, allowed] of methods) {
    const allow = allowed.join(', ');
    app.all(path, (c) => respond(problemAnswer(c.env.platform.refusal('none', problem('method-not-allowed')), null, { allow })));
  }
  app.notFound((c) => respond(problemAnswer(c.env.platform.refusal('none', problem('route-unknown')), null)));
  return app;
}

let face: ReturnType<typeof makeFace> | null = null;

/** The reference platform and its locks, simulated: what a bench of kind `twin` or `soft` is made of. */
export async function twin(
  world: World,
  declaration: Declaration,
  secrets: Secrets,
  faults: readonly unknown[] = [],
  post: Post = async () => null,
): Promise<Twin> {
  const known = faults.filter(isFault);
  if (known.length < faults.length) throw new Error('what is not a fault was given as one');
  const simulated = simulatedWorld(world, declaration, {
    faults: known,
    send: post,
    spell: (event, challenge) => {
      const body = encodeEvent(event);
      return JSON.stringify(challenge === null ? body : { ...body, data: { ...Object(body['data']), challenge } });
    },
  });
  const app = (face ??= makeFace());
  const behind: Behind = { world, platform: simulated.platform };
  const access: Access = Object.fromEntries(
    Object.entries(simulated.clients).map(([actor, { id, secret }]) => [actor, { clientId: id, clientSecret: secret }]),
  );
  for (const { secret } of Object.values(simulated.clients)) secrets.keep(secret);
  return {
    fetch: async (request) => app.fetch(request, behind),
    fixture: simulated.fixture,
    deviceCore: simulated.deviceCore,
    debugPort: simulated.debugPort,
    happen: simulated.happen,
    access,
    locks: simulated.locks,
    close: simulated.close,
  };
}
