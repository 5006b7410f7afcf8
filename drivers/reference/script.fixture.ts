import type { HttpLink, HttpReply, HttpRequest, HttpTrouble } from '../../contract/link.ts';
import type { Declaration } from '../../contract/declaration.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { Access } from '../../contract/vendor.ts';
import type { Clock } from '../../contract/world.ts';
import { seededRandom } from '../../simulators/random.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { connect } from './api.ts';

export const startMs = 1_803_891_600_000;
export const callMs = 1000;

/** PINs by table, so that vectors can hold them. */
export function tableSecrets(
  table: Readonly<Record<string, string>> = { zero1: '0123', plain1: '4711' },
): Secrets & { readonly kept: string[] } {
  const kept: string[] = [];
  return {
    kept,
    digits: (pin) => table[pin] ?? '8642',
    symbolOf: (digits) => Object.keys(table).find((pin) => table[pin] === digits) ?? 'other',
    seenIn: (text) => Object.keys(table).filter((pin) => new RegExp(`\\b${table[pin]}\\b`).test(text)),
    redact: (text) => text,
    keep: (secret) => void kept.push(secret),
  };
}

/** The part of a declaration that the driver reads. */
export const declared = (abilities: Partial<Declaration['abilities']> = { 'idempotency-key': true }) =>
  ({ abilities, timing: { callMs } }) as unknown as Declaration;

export const access: Access = {
  owner: { clientId: 'owner-client', clientSecret: 'owner-secret-1' },
  reader: { clientId: 'reader-client', clientSecret: 'reader-secret-1' },
};

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReply => ({
  kind: 'reply',
  status,
  headers: { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers },
  body: body === undefined ? '' : JSON.stringify(body),
});

export const refused = (
  status: number,
  code: string,
  retryable: boolean,
  headers: Readonly<Record<string, string>> = {},
): HttpReply => json(status, { type: `/problems/${code}`, title: code, status, code, retryable, first: null }, headers);

/** What the other end does with a request: an answer, a trouble, or an answer that comes late; null: never. */
export type Turn = HttpReply | HttpTrouble | { readonly afterMs: number; readonly reply: HttpReply } | null;

/** A link whose far end is a function; what was asked is kept. */
export function scriptedLink(clock: Clock, far: (request: HttpRequest, nth: number) => Turn) {
  const asked: HttpRequest[] = [];
  const link: HttpLink = {
    ask: async (request, signal) => {
      asked.push(request);
      const turn = far(request, asked.length);
      if (turn === null) {
        await clock.sleep(Infinity, signal);
        return { kind: 'trouble', trouble: 'late', unsent: false };
      }
      if (!('afterMs' in turn)) return turn;
      await clock.sleep(turn.afterMs);
      return turn.reply;
    },
    close: () => Promise.resolve(),
  };
  return { link, asked };
}

/** A token endpoint that numbers its pairs and lets each refresh token be spent once. */
export function tokenDesk(expiresIn: number | null = 3600) {
  let issued = 0;
  const good = new Map<string, number>();
  const answer = (request: HttpRequest): HttpReply => {
    const form = new URLSearchParams(request.body ?? '');
    const presented = form.get('refresh_token');
    if (form.get('grant_type') === 'refresh_token') {
      if (presented === null || (good.get(presented) ?? 0) !== 0)
        return json(400, { error: 'invalid_grant' }, { 'content-type': 'application/json' });
      good.set(presented, 1);
    }
    issued += 1;
    const refresh = `rt_0000000000000000${issued}`;
    good.set(refresh, 0);
    return json(200, {
      access_token: `at_0000000000000000${issued}`,
      token_type: 'Bearer',
      ...(expiresIn === null ? {} : { expires_in: expiresIn }),
      refresh_token: refresh,
      scope: 'locks:read',
    });
  };
  return { answer, issued: () => issued };
}

/** A driver on a virtual clock over a scripted far end; tokens are answered unless `far` answers them itself. */
export function rehearse(
  far: (request: HttpRequest, nth: number) => Turn,
  options: { readonly expiresIn?: number | null; readonly declaration?: Declaration; readonly ownsTokens?: boolean } = {},
) {
  const time = virtualClock({ startMs, limitMs: 86_400_000 });
  const desk = tokenDesk(options.expiresIn === undefined ? 3600 : options.expiresIn);
  let nth = 0;
  const script = scriptedLink(time.clock, (request) => {
    if (request.path === '/oauth/token' && !options.ownsTokens) return desk.answer(request);
    nth += 1;
    return far(request, nth);
  });
  const secrets = tableSecrets();
  const world = { clock: time.clock, random: seededRandom(1) };
  const api = connect(world, { http: script.link }, access, secrets, options.declaration ?? declared());
  const calls = (): HttpRequest[] => script.asked.filter(({ path }) => !path.startsWith('/oauth/'));
  return { api, clock: time.clock, run: time.run, asked: script.asked, calls, secrets, desk };
}
