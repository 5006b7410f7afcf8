import type { Refusal } from '../../contract/answer.ts';
import type { Actor } from '../../contract/command.ts';
import type { Access } from '../../contract/vendor.ts';
import type { Random } from '../../contract/world.ts';
import { insist, issue, revoke, type Client, type Issued } from './endpoint.ts';
import { networkRefusal, newTally, type Line, type Tally } from './exchange.ts';
import type { TokenFacts } from './token.ts';

/** Access tokens are renewed this long before they expire, or a tenth of their life where that is less. */
const renewAheadMs = 5_000;

/** The token that an actor's requests carry; null carries none. */
export type Bearer =
  | { readonly kind: 'token'; readonly token: string | null }
  | { readonly kind: 'refused'; readonly reason: Refusal };

export interface Tokens {
  /** Those with credentials, and those that need none. */
  readonly actors: ReadonlySet<Actor>;
  /** The actor's present token; fetched or renewed where needed. Wire faults of that go to the tally. */
  bearer(actor: Actor, tally: Tally): Promise<Bearer>;
  /** Whether this token of the actor has expired, or is no longer the newest, so that another may help. */
  isExpired(actor: Actor, token: string | null): boolean;
  /** Presents the actor's refresh token, or the one before the newest, and adopts what comes. */
  rotate(actor: Actor, spent: boolean, tally: Tally): Promise<Issued>;
}

interface Session {
  readonly pair: TokenFacts;
  /** Epoch ms; null for tokens that do not expire. */
  readonly expiresAtMs: number | null;
  /** The refresh token before the newest. */
  readonly spent: string | null;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const invent = (random: Random, prefix: string): string =>
  prefix + Array.from({ length: 32 }, () => alphabet[random.below(alphabet.length)] ?? 'A').join('');

const refusal = (kind: 'credential' | 'unsupported'): { readonly kind: 'refused'; readonly reason: Refusal } => ({
  kind: 'refused',
  reason: { class: kind, code: '', retryable: false, retryAfterMs: null, first: null },
});

/** These keep the token that they have, whatever becomes of it. */
const keepsToken = (actor: Actor): boolean => actor === 'revoked' || actor === 'expired';

/** `revoked` and `expired` sign in as themselves or, lacking that, as the owner's integration in sessions of their own. */
function clientsOf(access: Access): ReadonlyMap<Actor, Client> {
  const clients = new Map<Actor, Client>();
  for (const actor of ['owner', 'second', 'reader', 'operator', 'stranger', 'revoked', 'expired'] as const) {
    const fields = access[actor] ?? (keepsToken(actor) ? access.owner : undefined);
    const id = fields?.['clientId'];
    const secret = fields?.['clientSecret'];
    if (id !== undefined && secret !== undefined) clients.set(actor, { id, secret });
  }
  return clients;
}

class Keeper implements Tokens {
  readonly actors: ReadonlySet<Actor>;
  readonly #line: Line;
  readonly #clients: ReadonlyMap<Actor, Client>;
  readonly #forged: Client & { readonly token: string };
  readonly #sessions = new Map<Actor, Session>();
  readonly #pending = new Map<Actor, Promise<Bearer>>();

  constructor(line: Line, access: Access) {
    const chance = line.world.random.split('forged');
    this.#line = line;
    this.#clients = clientsOf(access);
    this.#forged = { id: invent(chance, 'cl_'), secret: invent(chance, 'cs_'), token: invent(chance, 'at_') };
    this.actors = new Set<Actor>([...this.#clients.keys(), 'nobody', 'forged']);
    for (const { secret } of this.#clients.values()) line.secrets.keep(secret);
  }

  #adopt(actor: Actor, pair: TokenFacts, presented: string | null): void {
    const before = this.#sessions.get(actor);
    // The answer to a spent token may repeat the newest pair: then nothing has changed.
    const isNew = pair.refresh !== before?.pair.refresh;
    this.#sessions.set(actor, {
      pair,
      expiresAtMs: pair.expiresMs === null ? null : this.#line.world.clock.nowMs() + pair.expiresMs,
      spent: isNew ? presented : (before?.spent ?? null),
    });
  }

  #isStale({ pair, expiresAtMs }: Session): boolean {
    const aheadMs = Math.min(renewAheadMs, (pair.expiresMs ?? 0) / 10);
    return expiresAtMs !== null && this.#line.world.clock.nowMs() >= expiresAtMs - aheadMs;
  }

  async #renew(actor: Actor, client: Client, tally: Tally): Promise<Bearer> {
    const refresh = this.#sessions.get(actor)?.pair.refresh ?? null;
    const rotated =
      refresh === null ? null : await insist(this.#line, client, { grant_type: 'refresh_token', refresh_token: refresh }, tally);
    const isFresh = rotated === null || rotated.kind === 'refused';
    const issued = isFresh ? await insist(this.#line, client, { grant_type: 'client_credentials' }, tally) : rotated;
    if (issued.kind === 'refused') return issued;
    // The command itself was never sent.
    if (issued.kind === 'trouble') return { kind: 'refused', reason: networkRefusal };
    this.#adopt(actor, issued.pair, isFresh ? null : refresh);
    if (actor === 'revoked') await revoke(this.#line, client, issued.pair, tally);
    return { kind: 'token', token: issued.pair.access };
  }

  async bearer(actor: Actor, tally: Tally): Promise<Bearer> {
    if (actor === 'nobody') return { kind: 'token', token: null };
    if (actor === 'forged') return { kind: 'token', token: this.#forged.token };
    // While a token is being fetched, or fetched and not yet revoked, all wait for the same one.
    const running = this.#pending.get(actor);
    if (running) return running;
    const session = this.#sessions.get(actor);
    if (session && (keepsToken(actor) || !this.#isStale(session))) return { kind: 'token', token: session.pair.access };
    const client = this.#clients.get(actor);
    if (!client) return refusal('credential');
    // What the token endpoint is asked is not the command's own: only what is wrong with it is told.
    const own = newTally();
    const job = this.#renew(actor, client, own).finally(() => {
      this.#pending.delete(actor);
      for (const fault of own.wireFaults) tally.wireFaults.add(fault);
    });
    this.#pending.set(actor, job);
    return job;
  }

  isExpired(actor: Actor, token: string | null): boolean {
    const session = this.#sessions.get(actor);
    return !keepsToken(actor) && session !== undefined && (session.pair.access !== token || this.#isStale(session));
  }

  async rotate(actor: Actor, spent: boolean, tally: Tally): Promise<Issued> {
    const known = await this.bearer(actor, tally);
    if (known.kind === 'refused') return known;
    const invented = { grant_type: 'refresh_token', refresh_token: this.#forged.token };
    if (actor === 'nobody') return issue(this.#line, null, invented, tally);
    if (actor === 'forged') return issue(this.#line, this.#forged, invented, tally);
    if (spent && !this.#sessions.get(actor)?.spent) {
      const first = await this.rotate(actor, false, tally);
      if (first.kind !== 'pair') return first;
    }
    const session = this.#sessions.get(actor);
    const presented = spent ? session?.spent : session?.pair.refresh;
    if (!presented) return refusal('unsupported');
    const form = { grant_type: 'refresh_token', refresh_token: presented };
    const issued = await issue(this.#line, this.#clients.get(actor) ?? null, form, tally);
    if (issued.kind === 'pair') this.#adopt(actor, issued.pair, presented);
    return issued;
  }
}

/** Looks after the tokens of every actor: lazily fetched, renewed in time, one request at a time for each. */
export const tokenKeeper = (line: Line, access: Access): Tokens => new Keeper(line, access);
