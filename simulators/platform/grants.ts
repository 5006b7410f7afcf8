import { has } from '../../contract/declaration.ts';
import type { ActionOf, Admitted, GrantView, Reply } from './actions.ts';
import { act, type Core } from './core.ts';
import { nameProblem, narrows, pinProblem, rounded, sameTerms, taken, usesProblem, windowRefusal } from './grant-rules.ts';
import { problem, type Problem } from './problems.ts';
import type { GrantRecord, GrantTerms, SyncJob } from './records.ts';

const ok = (view: GrantView, accepted: boolean): Reply => ({ kind: 'ok', view, accepted, repeated: false });
const no = (told: Problem): Reply => ({ kind: 'refused', problem: told });

/** Grants: their rules, their wishes, and the work that they make for the locks. */
export function grantDesk(core: Core) {
  const { store, decide, declaration } = core;
  const now = (): number => core.world.clock.nowMs();
  const lastSlot = new Map<string, number>();

  /** A place in the lock's table that nobody has, the one that was free for longest first. */
  const freeSlot = (lock: string): number | null => {
    const used = new Set<number>();
    for (const grant of store.grantsOf(lock).values()) if (grant.slot !== null) used.add(grant.slot);
    const capacity = declaration.limits.credentials;
    const from = lastSlot.get(lock) ?? 0;
    for (let step = 1; step <= capacity; step += 1) {
      const slot = ((from + step - 1) % capacity) + 1;
      if (!used.has(slot)) return slot;
    }
    return null;
  };

  const rivals = (lock: string, account: string): Iterable<GrantRecord> => {
    const { pinUnique } = declaration.limits;
    if (pinUnique === 'none') return [];
    if (pinUnique === 'lock') return store.grantsOf(lock).values();
    return [...store.grants.values()].filter((grant) => grant.account === account);
  };

  const pinConflict = (digits: string, lock: string, by: Admitted, self: string | null): Problem | null => {
    const other = taken(digits, rivals(lock, by.integration.account), self);
    if (!other) return null;
    // Who made the other grant knows its PIN anyway; to all others its id would tell whose PIN was guessed.
    return problem('pin-taken', { first: other.integration === by.integration.id ? other.id : null });
  };

  /** The work that a grant's wish makes for its lock; null for one that has no place there. */
  const jobOf = (grant: GrantRecord): SyncJob | null => {
    const { slot, intent, terms } = grant;
    if (slot === null) return null;
    const kind = grant.wish === 'revoked' || grant.ended ? 'clear' : 'set';
    const takes = kind === 'clear' || grant.maybe.length > 0 || narrows(grant.onLock?.terms ?? null, terms);
    return { kind, grant: grant.id, slot, intent, terms, narrowing: takes, sinceMs: now() };
  };

  /** Puts the wish of a grant into its lock's queue, in the place of what waited for it before. */
  const enqueue = (grant: GrantRecord): void => {
    const { lock } = grant;
    const job = jobOf(grant);
    if (!job) return;
    const queue = store.queue(lock);
    const honest = [...queue.filter((waiting) => waiting.grant !== grant.id), job];
    store.queues.set(lock, decide('sync.enqueue', { lock, queue, job }, honest));
    core.wake(lock);
  };

  const save = (cause: 'create' | 'change' | 'revoke' | 'end', before: GrantRecord | null, honest: GrantRecord): GrantRecord => {
    const grant = decide('grant.store', { cause, before }, honest);
    store.putGrant(grant);
    return store.grants.get(grant.id) ?? grant;
  };

  const say = (verb: Parameters<typeof act>[0], grant: GrantRecord, integration: string | null): void => {
    core.tell(grant.account, act(verb, { lock: grant.lock, grant: grant.id, user: grant.user, integration }));
  };

  const view = (grant: GrantRecord, by: Admitted): GrantView => {
    const told = decide('grant.view', { grant, nowMs: now() }, grant);
    const { digits } = told.terms;
    const { readBack: declared } = declaration.api;
    const shown: typeof declared = !by.scopes.includes('pins:read') || declared === 'withheld' ? 'withheld' : declared;
    const honest = shown === 'plain' ? { kind: shown, digits } : { kind: shown };
    const pin = decide('scope.redact', { scopes: by.scopes, declared, digits }, honest);
    const { id, lock, user, integration, name, wish, sync, createdMs, version } = told;
    const { window, uses } = told.terms;
    const external = integration !== by.integration.id;
    return { kind: 'grant', id, lock, user, integration, name, pin, window, uses, wish, sync, external, createdMs, version };
  };

  const create = (by: Admitted, asked: ActionOf<'createGrant'>): Reply => {
    const nowMs = now();
    const { account, id: integration } = by.integration;
    const window = rounded(asked.window, declaration.time.resolutionMs);
    const slot = freeSlot(asked.lock);
    const honest =
      nameProblem(asked.name, declaration) ??
      pinProblem(asked.pin, declaration) ??
      windowRefusal(window, nowMs, declaration) ??
      usesProblem(asked.uses, declaration) ??
      pinConflict(asked.pin, asked.lock, by, null) ??
      (slot === null ? problem('lock-full') : null);
    const wrong = decide('request.validate', { route: asked.route, request: asked, before: null, nowMs }, honest);
    if (wrong) return no(wrong);
    if (slot !== null) lastSlot.set(asked.lock, slot);
    const grant = save('create', null, {
      id: store.id('gr'),
      order: store.order(),
      ...{ account, lock: asked.lock, slot: slot ?? 1, user: asked.user, integration, name: asked.name },
      terms: { digits: asked.pin, window, uses: asked.uses, suspended: false },
      ...{ wish: 'granted', sync: 'pending', version: 1, intent: 1, onLock: null, maybe: [], used: 0 },
      ...{ createdMs: nowMs, goneMs: null, ended: false },
    });
    say('grant.created', grant, integration);
    enqueue(grant);
    return ok(view(grant, by), true);
  };

  /** Why a change is refused: the rules of creation, for what it makes true. */
  const changeProblem = (
    by: Admitted,
    before: GrantRecord,
    asked: ActionOf<'changeGrant'>,
    terms: GrantTerms,
  ): Problem | null => {
    const { change } = asked;
    const over = before.terms.window.endMs !== null && before.terms.window.endMs <= now();
    return (
      (change.suspended !== undefined && !has(declaration, 'suspend') ? problem('unsupported') : null) ??
      (change.pin !== undefined && !has(declaration, 'change-pin') ? problem('unsupported') : null) ??
      (change.name === undefined ? null : nameProblem(change.name, declaration)) ??
      (change.pin === undefined ? null : pinProblem(change.pin, declaration)) ??
      (change.window === undefined ? null : windowRefusal(terms.window, now(), declaration)) ??
      (change.uses === undefined ? null : usesProblem(change.uses, declaration)) ??
      (before.integration === null ? problem('grant-outside') : null) ??
      (before.wish === 'revoked' || before.ended || over ? problem('grant-ended') : null) ??
      (change.pin === undefined ? null : pinConflict(terms.digits, before.lock, by, before.id))
    );
  };

  const change = (by: Admitted, before: GrantRecord, asked: ActionOf<'changeGrant'>): Reply => {
    const nowMs = now();
    const { change: wanted } = asked;
    const terms: GrantTerms = {
      digits: wanted.pin ?? before.terms.digits,
      window: wanted.window ? rounded(wanted.window, declaration.time.resolutionMs) : before.terms.window,
      uses: wanted.uses === undefined ? before.terms.uses : wanted.uses,
      suspended: wanted.suspended ?? before.terms.suspended,
    };
    const honest = changeProblem(by, before, asked, terms);
    const wrong = decide('request.validate', { route: asked.route, request: asked, before, nowMs }, honest);
    if (wrong) return no(wrong);
    const carries = !sameTerms(terms, before.terms) || (before.sync === 'failed' && !isNameOnly(wanted));
    const grant = save('change', before, {
      ...before,
      name: wanted.name ?? before.name,
      terms,
      intent: before.intent + (carries ? 1 : 0),
      wish: terms.suspended ? 'suspended' : 'granted',
      sync: carries ? 'pending' : before.sync,
    });
    const toggled = before.terms.suspended !== terms.suspended;
    if (toggled) say(terms.suspended ? 'grant.suspended' : 'grant.resumed', grant, by.integration.id);
    const renamed = grant.name !== before.name;
    const other = renamed || !sameTerms({ ...terms, suspended: before.terms.suspended }, before.terms);
    if (other || !toggled) say('grant.changed', grant, by.integration.id);
    if (carries) enqueue(grant);
    return ok(view(grant, by), carries);
  };

  /** Wishes a grant away, for whatever reason; nothing when that is wished already. */
  const wishAway = (before: GrantRecord, integration: string | null): GrantRecord => {
    if (before.wish === 'revoked') return before;
    const off = before.slot === null;
    const grant = save('revoke', before, {
      ...before,
      wish: 'revoked',
      intent: before.intent + 1,
      // What is off the lock already, by the lock's own word, needs no other word.
      sync: off ? 'confirmed' : 'pending',
      goneMs: off ? (before.goneMs ?? now()) : null,
    });
    say('grant.revoking', grant, integration);
    if (off)
      core.tell(grant.account, act('grant.revoked', { lock: grant.lock, grant: grant.id, user: grant.user, confirmed: true }));
    else enqueue(grant);
    return grant;
  };

  const revoke = (by: Admitted, before: GrantRecord, asked: ActionOf<'revokeGrant'>): Reply => {
    const wrong = decide(
      'request.validate',
      { route: asked.route, request: asked, before, nowMs: now() },
      before.integration === null ? problem('grant-outside') : null,
    );
    if (wrong) return no(wrong);
    const grant = wishAway(before, by.integration.id);
    return ok(view(grant, by), grant.sync === 'pending');
  };

  /** Takes a grant whose window is over off its lock. */
  const end = (before: GrantRecord): void => {
    enqueue(save('end', before, { ...before, intent: before.intent + 1, ended: true }));
  };

  /** Whether a grant is still told of. */
  const readable = (grant: GrantRecord): boolean =>
    grant.goneMs === null || now() < grant.goneMs + declaration.api.revokedReadableMs;

  const listed = (lock: string): readonly GrantRecord[] => {
    const all = [...store.grantsOf(lock).values()];
    return decide(
      'grants.list',
      { lock, all },
      all.filter((grant) => grant.goneMs === null),
    );
  };

  return { create, change, revoke, wishAway, end, jobOf, view, readable, listed };
}
export type GrantDesk = ReturnType<typeof grantDesk>;

const isNameOnly = (change: ActionOf<'changeGrant'>['change']): boolean =>
  change.pin === undefined && change.window === undefined && change.uses === undefined && change.suspended === undefined;
