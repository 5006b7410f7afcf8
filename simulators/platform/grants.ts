import { has } from '../../contract/declaration.ts';
import type { ActionOf, Admitted, GrantView, Reply } from './actions.ts';
import { act, type Core } from './core.ts';
import {
  lastsProblem,
  nameProblem,
  narrows,
  pinProblem,
  rounded,
  sameTerms,
  taken,
  usesProblem,
  windowRefusal,
} from './grant-rules.ts';
import { problem, type Problem } from './problems.ts';
import type { GrantRecord, GrantTerms, SyncJob } from './records.ts';

const ok = (view: GrantView, accepted: boolean): Reply => ({ kind: 'ok', view, accepted, repeated: false });
const no = (told: Problem): Reply => ({ kind: 'refused', problem: told });

/** Grants: their rules, their wishes, and the work that they make for the locks. */
export class GrantDesk {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }
  readonly #now = (): number => this.#core.world.clock.nowMs();
  readonly #lastSlot = new Map<string, number>();

  /** A place in the lock's table that nobody has, the one that was free for longest first. */
  readonly #freeSlot = (lock: string): number | null => {
    const used = new Set<number>();
    for (const grant of this.#core.store.grantsOf(lock).values()) if (grant.slot !== null) used.add(grant.slot);
    const capacity = this.#core.declaration.limits.credentials;
    const from = this.#lastSlot.get(lock) ?? 0;
    for (let step = 1; step <= capacity; step += 1) {
      const slot = ((from + step - 1) % capacity) + 1;
      if (!used.has(slot)) return slot;
    }
    return null;
  };

  readonly #rivals = (lock: string, account: string): Iterable<GrantRecord> => {
    const { pinUnique } = this.#core.declaration.limits;
    if (pinUnique === 'none') return [];
    if (pinUnique === 'lock') return this.#core.store.grantsOf(lock).values();
    return [...this.#core.store.grants.values()].filter((grant) => grant.account === account);
  };

  readonly #pinConflict = (digits: string, lock: string, by: Admitted, self: string | null): Problem | null => {
    const other = taken(digits, this.#rivals(lock, by.integration.account), self);
    if (!other) return null;
    // Who made the other grant knows its PIN anyway; to all others its id would tell whose PIN was guessed.
    return problem('pin-taken', { first: other.integration === by.integration.id ? other.id : null });
  };

  /** The work that a grant's wish makes for its lock; null for one that has no place there. */
  readonly jobOf = (grant: GrantRecord): SyncJob | null => {
    const { slot, intent, terms } = grant;
    if (slot === null) return null;
    const kind = grant.wish === 'revoked' || grant.ended ? 'clear' : 'set';
    const takes = kind === 'clear' || grant.maybe.length > 0 || narrows(grant.onLock?.terms ?? null, terms);
    return { kind, grant: grant.id, slot, intent, terms, narrowing: takes, sinceMs: this.#now() };
  };

  /** Puts the wish of a grant into its lock's queue, in the place of what waited for it before. */
  readonly #enqueue = (grant: GrantRecord): void => {
    const { lock } = grant;
    const job = this.jobOf(grant);
    if (!job) return;
    const queue = this.#core.store.queue(lock);
    const honest = [...queue.filter((waiting) => waiting.grant !== grant.id), job];
    this.#core.store.queues.set(lock, this.#core.decide('sync.enqueue', { lock, queue, job }, honest));
    this.#core.wake(lock);
  };

  readonly #save = (
    cause: 'create' | 'change' | 'revoke' | 'end',
    before: GrantRecord | null,
    honest: GrantRecord,
  ): GrantRecord => {
    const grant = this.#core.decide('grant.store', { cause, before }, honest);
    this.#core.store.putGrant(grant);
    return this.#core.store.grants.get(grant.id) ?? grant;
  };

  readonly #say = (verb: Parameters<typeof act>[0], grant: GrantRecord, integration: string | null): void => {
    this.#core.tell(grant.account, act(verb, { lock: grant.lock, grant: grant.id, user: grant.user, integration }));
  };

  readonly view = (grant: GrantRecord, by: Admitted): GrantView => {
    const told = this.#core.decide('grant.view', { grant, nowMs: this.#now() }, grant);
    const { digits } = told.terms;
    const { readBack: declared } = this.#core.declaration.api;
    const shown: typeof declared = !by.scopes.includes('pins:read') || declared === 'withheld' ? 'withheld' : declared;
    const honest = shown === 'plain' ? { kind: shown, digits } : { kind: shown };
    const pin = this.#core.decide('scope.redact', { scopes: by.scopes, declared, digits }, honest);
    const { id, lock, user, integration, name, wish, sync, createdMs, version } = told;
    const { window, uses, lastsMs } = told.terms;
    const external = integration !== by.integration.id;
    const isToldDuress = has(this.#core.declaration, 'duress') && by.scopes.includes('pins:read');
    const terms = { pin, window, uses, lastsMs, duress: isToldDuress ? told.terms.duress : null };
    return { kind: 'grant', id, lock, user, integration, name, ...terms, wish, sync, external, createdMs, version };
  };

  readonly create = (by: Admitted, asked: ActionOf<'createGrant'>): Reply => {
    const nowMs = this.#now();
    const { account, id: integration } = by.integration;
    const window = rounded(asked.window, this.#core.declaration.time.resolutionMs);
    const slot = this.#freeSlot(asked.lock);
    const honest =
      nameProblem(asked.name, this.#core.declaration) ??
      pinProblem(asked.pin, this.#core.declaration) ??
      windowRefusal(window, nowMs, this.#core.declaration) ??
      usesProblem(asked.uses, this.#core.declaration) ??
      lastsProblem(asked.lastsMs, this.#core.declaration) ??
      (asked.duress && !has(this.#core.declaration, 'duress') ? problem('unsupported') : null) ??
      this.#pinConflict(asked.pin, asked.lock, by, null) ??
      (slot === null ? problem('lock-full') : null);
    const wrong = this.#core.decide('request.validate', { route: asked.route, request: asked, before: null, nowMs }, honest);
    if (wrong) return no(wrong);
    if (slot !== null) this.#lastSlot.set(asked.lock, slot);
    const grant = this.#save('create', null, {
      id: this.#core.store.id('gr'),
      order: this.#core.store.order(),
      account,
      lock: asked.lock,
      slot: slot ?? 1,
      user: asked.user,
      integration,
      name: asked.name,
      terms: { digits: asked.pin, window, uses: asked.uses, lastsMs: asked.lastsMs, duress: asked.duress, suspended: false },
      wish: 'granted',
      sync: 'pending',
      version: 1,
      intent: 1,
      onLock: null,
      maybe: [],
      used: 0,
      firstUseMs: null,
      createdMs: nowMs,
      goneMs: null,
      ended: false,
    });
    this.#say('grant.created', grant, integration);
    this.#enqueue(grant);
    return ok(this.view(grant, by), true);
  };

  /** Why a change is refused: the rules of creation, for what it makes true. */
  readonly #changeProblem = (
    by: Admitted,
    before: GrantRecord,
    asked: ActionOf<'changeGrant'>,
    terms: GrantTerms,
  ): Problem | null => {
    const { change } = asked;
    const over = before.terms.window.endMs !== null && before.terms.window.endMs <= this.#now();
    return (
      (change.suspended !== undefined && !has(this.#core.declaration, 'suspend') ? problem('unsupported') : null) ??
      (change.pin !== undefined && !has(this.#core.declaration, 'change-pin') ? problem('unsupported') : null) ??
      (change.name === undefined ? null : nameProblem(change.name, this.#core.declaration)) ??
      (change.pin === undefined ? null : pinProblem(change.pin, this.#core.declaration)) ??
      (change.window === undefined ? null : windowRefusal(terms.window, this.#now(), this.#core.declaration)) ??
      (change.uses === undefined ? null : usesProblem(change.uses, this.#core.declaration)) ??
      (before.integration === null ? problem('grant-outside') : null) ??
      (before.wish === 'revoked' || before.ended || over ? problem('grant-ended') : null) ??
      (change.pin === undefined ? null : this.#pinConflict(terms.digits, before.lock, by, before.id))
    );
  };

  readonly change = (by: Admitted, before: GrantRecord, asked: ActionOf<'changeGrant'>): Reply => {
    const nowMs = this.#now();
    const { change: wanted } = asked;
    const terms: GrantTerms = {
      digits: wanted.pin ?? before.terms.digits,
      window: wanted.window ? rounded(wanted.window, this.#core.declaration.time.resolutionMs) : before.terms.window,
      uses: wanted.uses === undefined ? before.terms.uses : wanted.uses,
      lastsMs: before.terms.lastsMs,
      duress: before.terms.duress,
      suspended: wanted.suspended ?? before.terms.suspended,
    };
    const honest = this.#changeProblem(by, before, asked, terms);
    const wrong = this.#core.decide('request.validate', { route: asked.route, request: asked, before, nowMs }, honest);
    if (wrong) return no(wrong);
    const carries = !sameTerms(terms, before.terms) || (before.sync === 'failed' && !isNameOnly(wanted));
    const grant = this.#save('change', before, {
      ...before,
      name: wanted.name ?? before.name,
      terms,
      intent: before.intent + (carries ? 1 : 0),
      wish: terms.suspended ? 'suspended' : 'granted',
      sync: carries ? 'pending' : before.sync,
    });
    const toggled = before.terms.suspended !== terms.suspended;
    if (toggled) this.#say(terms.suspended ? 'grant.suspended' : 'grant.resumed', grant, by.integration.id);
    const renamed = grant.name !== before.name;
    const other = renamed || !sameTerms({ ...terms, suspended: before.terms.suspended }, before.terms);
    if (other || !toggled) this.#say('grant.changed', grant, by.integration.id);
    if (carries) this.#enqueue(grant);
    return ok(this.view(grant, by), carries);
  };

  /** Wishes a grant away, for whatever reason; nothing when that is wished already. */
  readonly wishAway = (before: GrantRecord, integration: string | null): GrantRecord => {
    if (before.wish === 'revoked') return before;
    const off = before.slot === null;
    const grant = this.#save('revoke', before, {
      ...before,
      wish: 'revoked',
      intent: before.intent + 1,
      // What is off the lock already, by the lock's own word, needs no other word.
      sync: off ? 'confirmed' : 'pending',
      goneMs: off ? (before.goneMs ?? this.#now()) : null,
    });
    this.#say('grant.revoking', grant, integration);
    if (off)
      this.#core.tell(
        grant.account,
        act('grant.revoked', { lock: grant.lock, grant: grant.id, user: grant.user, confirmed: true }),
      );
    else this.#enqueue(grant);
    return grant;
  };

  readonly revoke = (by: Admitted, before: GrantRecord, asked: ActionOf<'revokeGrant'>): Reply => {
    const wrong = this.#core.decide(
      'request.validate',
      { route: asked.route, request: asked, before, nowMs: this.#now() },
      before.integration === null ? problem('grant-outside') : null,
    );
    if (wrong) return no(wrong);
    const grant = this.wishAway(before, by.integration.id);
    return ok(this.view(grant, by), grant.sync === 'pending');
  };

  /** Takes a grant whose window is over off its lock. */
  readonly end = (before: GrantRecord): void => {
    this.#enqueue(this.#save('end', before, { ...before, intent: before.intent + 1, ended: true }));
  };

  /** Whether a grant is still told of. */
  readonly readable = (grant: GrantRecord): boolean =>
    grant.goneMs === null || this.#now() < grant.goneMs + this.#core.declaration.api.revokedReadableMs;

  readonly listed = (lock: string): readonly GrantRecord[] => {
    const all = [...this.#core.store.grantsOf(lock).values()];
    return this.#core.decide(
      'grants.list',
      { lock, all },
      all.filter((grant) => grant.goneMs === null),
    );
  };
}

const isNameOnly = (change: ActionOf<'changeGrant'>['change']): boolean =>
  change.pin === undefined && change.window === undefined && change.uses === undefined && change.suspended === undefined;
