import type { World } from '../../contract/world.ts';
import type { Platform } from '../../simulators/platform/platform.ts';
import { encodeToken } from './token.ts';
import type { Json } from './json.ts';
import { isMedia, textBody } from './twin-bodies.ts';
import { requestFaults } from './wire.ts';

const formMedia = 'application/x-www-form-urlencoded';

function answer(status: number, body: Json, more: Readonly<Record<string, string>> = {}): Response {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...more };
  return new Response(JSON.stringify(body), { status, headers });
}

const refused = (error: string): Response =>
  error === 'invalid_client'
    ? answer(401, { error }, { 'www-authenticate': 'Basic realm="lock platform"' })
    : answer(400, { error });

interface Client {
  readonly id: string;
  readonly secret: string;
}

/** Client id and secret of HTTP Basic, each form-encoded first (RFC 6749 section 2.3.1). */
function clientOf(authorization: string | null): Client | null {
  const encoded = /^Basic ([A-Za-z0-9+/]{1,2000}={0,2})$/i.exec(authorization ?? '')?.[1];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  try {
    const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replaceAll('+', ' ')),
    );
    return id === undefined || secret === undefined ? null : { id, secret };
  } catch {
    return null;
  }
}

type Form = Readonly<Record<string, string>>;

/** The fields of a form, each at most once; null where it is none. */
async function formOf(request: Request): Promise<Form | null> {
  const body = await textBody(request);
  if (body.kind !== 'text' || !isMedia(request.headers.get('content-type'), formMedia)) return null;
  const pairs = [...new URLSearchParams(body.text)];
  return new Set(pairs.map(([name]) => name)).size === pairs.length ? Object.fromEntries(pairs) : null;
}

/** POST /oauth/token. */
export async function issueToken(world: World, platform: Platform, request: Request): Promise<Response> {
  const client = clientOf(request.headers.get('authorization'));
  const form = await formOf(request);
  if (!client) return refused('invalid_client');
  if (!form || Object.hasOwn(form, 'client_secret') || !form['grant_type']) return refused('invalid_request');
  if (!['client_credentials', 'refresh_token'].includes(form['grant_type'])) return refused('unsupported_grant_type');
  if (requestFaults('issueToken', form).length > 0) return refused('invalid_request');
  const scopes = form['scope'] === undefined ? null : form['scope'].split(' ').filter(Boolean);
  const { id, secret } = client;
  const reply =
    form['grant_type'] === 'refresh_token'
      ? platform.refresh(id, secret, form['refresh_token'] ?? '', scopes)
      : platform.signIn(id, secret, scopes);
  if (reply.kind === 'refused') return refused(reply.error);
  const { access, refresh, scopes: held } = reply;
  const expiresMs = reply.expiresMs === null ? null : reply.expiresMs - world.clock.nowMs();
  return answer(200, encodeToken({ access, refresh, expiresMs, scope: held.join(' ') }));
}

/** POST /oauth/revoke. */
export async function revokeToken(platform: Platform, request: Request): Promise<Response> {
  const client = clientOf(request.headers.get('authorization'));
  const form = await formOf(request);
  if (!client) return refused('invalid_client');
  if (!form || requestFaults('revokeToken', form).length > 0) return refused('invalid_request');
  const known = platform.revokeToken(client.id, client.secret, form['token'] ?? '');
  return known ? new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } }) : refused('invalid_client');
}
