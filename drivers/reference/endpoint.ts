import type { HttpRequest } from '../../contract/link.ts';
import type { Refusal } from '../../contract/answer.ts';
import { exchange, refusalOf, type Heard, type Line, type Tally } from './exchange.ts';
import { decodeToken, type TokenFacts } from './token.ts';

/** Most requests for one token, or for the end of one. */
const maxTokenTries = 2;
const pauseMs = 100;
const formMedia = 'application/x-www-form-urlencoded';

/** What a client signs in with. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

/** What the token endpoint gave: a pair, a refusal, or nothing that can be told. */
export type Issued =
  | { readonly kind: 'pair'; readonly pair: TokenFacts }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  | Extract<Heard, { kind: 'trouble' }>;

type Form = Readonly<Record<string, string>>;

/** A request to the token endpoint; no client sends no credentials. RFC 6749 section 2.3.1. */
function post(line: Line, path: string, client: Client | null, form: Form): HttpRequest {
  const headers: Record<string, string> = { 'content-type': formMedia, accept: 'application/json' };
  if (client) {
    const pair = Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`).toString('base64');
    line.secrets.keep(pair);
    headers['authorization'] = `Basic ${pair}`;
  }
  return { method: 'POST', path, headers, body: new URLSearchParams(form).toString() };
}

/** Asks for tokens once. */
export async function issue(line: Line, client: Client | null, form: Form, tally: Tally): Promise<Issued> {
  const heard = await exchange(line, 'issueToken', post(line, '/oauth/token', client, form), tally);
  if (heard.kind === 'trouble') return heard;
  const { status } = heard.reply;
  if (status >= 300) {
    const reason = refusalOf(heard.reply, heard.body);
    // RFC 6749 section 5.2 answers with 400 for every refusal but that of the client.
    const isCredential = status === 400 && (reason.code === 'invalid_grant' || reason.code === '');
    return { kind: 'refused', reason: isCredential ? { ...reason, class: 'credential' } : reason };
  }
  const pair = decodeToken(heard.body);
  if (!pair) return { kind: 'trouble', trouble: 'garbled', unsent: false };
  line.secrets.keep(pair.access);
  if (pair.refresh !== null) line.secrets.keep(pair.refresh);
  return { kind: 'pair', pair };
}

/** Asks again where the answer was lost: credentials give a new pair, and a refresh token has its grace. */
export async function insist(line: Line, client: Client, form: Form, tally: Tally): Promise<Issued> {
  for (let tries = 1; ; tries += 1) {
    const issued = await issue(line, client, form, tally);
    if (issued.kind !== 'trouble' || tries >= maxTokenTries) return issued;
    await line.world.clock.sleep(pauseMs);
  }
}

/** Ends both tokens of a pair, RFC 7009; asked again once where that failed. */
export async function revoke(line: Line, client: Client, pair: TokenFacts, tally: Tally): Promise<void> {
  for (const [hint, token] of Object.entries({ access_token: pair.access, refresh_token: pair.refresh })) {
    if (token === null) continue;
    const request = post(line, '/oauth/revoke', client, { token, token_type_hint: hint });
    for (let tries = 1; tries <= maxTokenTries; tries += 1) {
      const heard = await exchange(line, 'revokeToken', request, tally);
      if (heard.kind === 'heard' && heard.reply.status < 500) break;
    }
  }
}
