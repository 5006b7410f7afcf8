import { createHash, timingSafeEqual } from 'node:crypto';
import type { Admitted, Refused, RateView, Route, TokenReply } from './actions.ts';
import { act, type Core } from './core.ts';
import type { TokenVerdict } from './points.ts';
import { problem, type Problem } from './problems.ts';
import type { AccessRecord, IntegrationRecord, RefreshRecord, Scope } from './records.ts';
import { kept } from './store.ts';

/** What each route needs; all of it. */
export const needs: Readonly<Record<Route, readonly Scope[]>> = {
  identify: [],
  listLocks: ['locks:read'],
  readLock: ['locks:read'],
  operate: ['locks:operate'],
  setMode: ['locks:write'],
  scheduleMode: ['locks:write'],
  clearModes: ['locks:write'],
  installFirmware: ['locks:write'],
  replaceLock: ['locks:write'],
  readOperation: ['locks:read'],
  addUser: ['users:write'],
  readUser: ['users:read'],
  renameUser: ['users:write'],
  removeUser: ['users:write'],
  listUsers: ['users:read'],
  createGrant: ['grants:write'],
  readGrant: ['grants:read'],
  changeGrant: ['grants:write'],
  revokeGrant: ['grants:write'],
  listGrants: ['grants:read'],
  readEvents: ['events:read'],
  addWebhook: ['webhooks:write'],
  readWebhook: ['events:read'],
  removeWebhook: ['webhooks:write'],
  listWebhooks: ['events:read'],
  listParties: ['parties:read'],
  removeIntegration: ['parties:write'],
};

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
};

function verdictOf(
  presented: string | null,
  record: AccessRecord | null,
  owner: IntegrationRecord | null,
  nowMs: number,
): TokenVerdict {
  if (presented === null) return { kind: 'invalid', why: 'missing' };
  if (!record || !owner) return { kind: 'invalid', why: 'unknown' };
  if (owner.removedMs !== null) return { kind: 'invalid', why: 'removed' };
  if (record.revokedMs !== null) return { kind: 'invalid', why: 'revoked' };
  if (record.expiresMs !== null && nowMs >= record.expiresMs) return { kind: 'invalid', why: 'expired' };
  return { kind: 'valid', integration: owner.id };
}

/** Sign-in, rotation and the gate that every request passes. */
export class AccessDesk {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }
  readonly #now = (): number => this.#core.world.clock.nowMs();

  readonly #clientOf = (client: string, secret: string): IntegrationRecord | null => {
    for (const integration of this.#core.store.integrations.values()) {
      if (integration.client !== client) continue;
      return integration.removedMs === null && sameText(integration.secret, secret) ? integration : null;
    }
    return null;
  };

  /** Frees room of what is of no use any more, before the bound takes what still is. */
  readonly #tidy = (nowMs: number): void => {
    if (this.#core.store.access.size > kept.tokens * 0.9) {
      for (const [token, record] of this.#core.store.access) {
        if (record.revokedMs !== null || (record.expiresMs !== null && record.expiresMs < nowMs))
          this.#core.store.access.delete(token);
      }
    }
    if (this.#core.store.refresh.size > kept.tokens * 0.9) {
      for (const [token, record] of this.#core.store.refresh) {
        const spent = record.spentMs !== null && record.spentMs + this.#core.declaration.api.refreshGraceMs < nowMs;
        if (spent || record.revokedMs !== null) this.#core.store.refresh.delete(token);
      }
    }
  };

  readonly #pair = (integration: IntegrationRecord, family: string, scopes: readonly Scope[]): TokenReply => {
    const nowMs = this.#now();
    this.#tidy(nowMs);
    const { tokenMs } = this.#core.declaration.api;
    const expiresMs = tokenMs > 0 ? nowMs + tokenMs : null;
    const access: AccessRecord = {
      token: `at_${this.#core.store.secret()}`,
      integration: integration.id,
      family,
      scopes,
      expiresMs,
      revokedMs: null,
    };
    const refresh: RefreshRecord = {
      token: `rt_${this.#core.store.secret()}`,
      integration: integration.id,
      family,
      scopes,
      spentMs: null,
      successor: null,
      revokedMs: null,
    };
    this.#core.store.putAccess(access);
    this.#core.store.putRefresh(refresh);
    return { kind: 'pair', access: access.token, refresh: refresh.token, expiresMs, scopes };
  };

  readonly #narrowed = (held: readonly Scope[], asked: readonly string[] | null): readonly Scope[] | null => {
    if (asked === null) return held;
    const scopes = held.filter((scope) => asked.includes(scope));
    return asked.every((scope) => held.some((own) => own === scope)) ? scopes : null;
  };

  readonly #refused = (error: 'invalid_client' | 'invalid_grant' | 'invalid_scope'): TokenReply => ({ kind: 'refused', error });

  /** Tokens for a client's own id and secret. */
  readonly signIn = (client: string, secret: string, scopes: readonly string[] | null): TokenReply => {
    const integration = this.#clientOf(client, secret);
    if (!integration) return this.#refused('invalid_client');
    const granted = this.#narrowed(integration.scopes, scopes);
    return granted ? this.#pair(integration, this.#core.store.id('ses'), granted) : this.#refused('invalid_scope');
  };

  /** Tokens for a refresh token; within the grace also for a spent one. */
  readonly refresh = (client: string, secret: string, token: string, scopes: readonly string[] | null): TokenReply => {
    const integration = this.#clientOf(client, secret);
    if (!integration) return this.#refused('invalid_client');
    const nowMs = this.#now();
    const found = this.#core.store.refresh.get(token);
    const record = found && found.integration === integration.id ? found : null;
    const { refreshGraceMs: graceMs } = this.#core.declaration.api;
    const usable = record && record.revokedMs === null;
    const inGrace = usable && record.spentMs !== null && nowMs - record.spentMs <= graceMs;
    const honest = !usable ? 'refuse' : record.spentMs === null ? 'rotate' : inGrace ? 'repeat' : 'refuse';
    const answer = this.#core.decide('token.refresh', { record, integration, nowMs, graceMs }, honest);
    if (answer === 'refuse' || !record) return this.#refused('invalid_grant');
    const granted = this.#narrowed(record.scopes, scopes);
    if (!granted) return this.#refused('invalid_scope');
    const first = answer === 'repeat' ? record.successor : null;
    if (first) {
      // The pair of the first exchange again: its access token has the rest of its life left.
      const given = this.#core.store.access.get(first.access);
      const expiresMs = given?.expiresMs ?? null;
      return { kind: 'pair', access: first.access, refresh: first.refresh, expiresMs, scopes: given?.scopes ?? record.scopes };
    }
    const made = this.#pair(integration, record.family, granted);
    if (made.kind === 'pair') {
      const successor = { access: made.access, refresh: made.refresh };
      this.#core.store.putRefresh({ ...record, spentMs: record.spentMs ?? nowMs, successor });
    }
    this.#core.tell(integration.account, act('token.rotated', { integration: integration.id }));
    return made;
  };

  /** Ends a token of this client; a refresh token ends its whole session. False when the client is not known. */
  readonly revoke = (client: string, secret: string, token: string): boolean => {
    const integration = this.#clientOf(client, secret);
    if (!integration) return false;
    const access = this.#core.store.access.get(token);
    if (access && access.integration === integration.id)
      this.#core.store.access.set(token, { ...access, revokedMs: this.#now() });
    const spent = this.#core.store.refresh.get(token);
    if (!spent || spent.integration !== integration.id) return true;
    this.#core.store.refresh.set(token, { ...spent, revokedMs: this.#now() });
    for (const [id, record] of this.#core.store.access) {
      if (record.family === spent.family) this.#core.store.access.set(id, { ...record, revokedMs: this.#now() });
    }
    return true;
  };

  readonly #rateOf = (
    integration: string,
    route: string,
  ): { allowed: boolean; rate: RateView | null; retryAfterMs: number | null } => {
    const { rateRequests: limit, rateWindowMs } = this.#core.declaration.limits;
    if (limit === 0) return { allowed: true, rate: null, retryAfterMs: null };
    const nowMs = this.#now();
    const last = this.#core.store.rates.get(integration);
    const fresh = !last || nowMs >= last.sinceMs + rateWindowMs;
    const sinceMs = fresh ? nowMs : last.sinceMs;
    const used = fresh ? 1 : last.used + 1;
    const resetMs = sinceMs + rateWindowMs - nowMs;
    const allowed = used <= limit;
    // What is refused is not counted, so that a caller who keeps asking is not kept out for longer.
    this.#core.store.rates.set(integration, { sinceMs, used: allowed ? used : limit });
    const honest = { allowed, limit, remaining: Math.max(0, limit - used), resetMs, retryAfterMs: allowed ? null : resetMs };
    const told = this.#core.decide('limit', { integration, route, used, limit, resetMs }, honest);
    const rate = { limit: told.limit, remaining: told.remaining, resetMs: told.resetMs };
    return { allowed: told.allowed, rate, retryAfterMs: told.retryAfterMs };
  };

  readonly #refuse = (route: string, told: Problem, rate: RateView | null): Refused => ({
    kind: 'refused',
    problem: this.#core.decide('problem', { route, problem: told }, told),
    rate,
  });

  /** The gate: token, then rate, then scope. */
  readonly admit = (token: string | null, route: Route): Admitted | Refused => {
    const record = token === null ? null : (this.#core.store.access.get(token) ?? null);
    const owner = record ? (this.#core.store.integrations.get(record.integration) ?? null) : null;
    const nowMs = this.#now();
    const honest = verdictOf(token, record, owner, nowMs);
    const verdict = this.#core.decide('token.check', { route, presented: token, record, integration: owner, nowMs }, honest);
    const integration = verdict.kind === 'valid' ? this.#core.store.integrations.get(verdict.integration) : undefined;
    if (!integration) return this.#refuse(route, problem(token === null ? 'token-missing' : 'token-invalid'), null);
    const { allowed, rate, retryAfterMs } = this.#rateOf(integration.id, route);
    if (!allowed) return this.#refuse(route, problem('rate-limited', retryAfterMs === null ? {} : { retryAfterMs }), rate);
    const scopes = record && record.integration === integration.id ? record.scopes : integration.scopes;
    const needed = needs[route];
    const may = needed.every((scope) => scopes.includes(scope)) ? 'allow' : 'forbid';
    const answer = this.#core.decide('authorise', { route, integration, scopes, needs: needed }, may);
    if (answer === 'forbid') return this.#refuse(route, problem('scope-missing'), rate);
    return { kind: 'admitted', integration, scopes, rate };
  };
}
