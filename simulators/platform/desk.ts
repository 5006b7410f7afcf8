import { createHash } from 'node:crypto';
import { type Ability, has } from '../../contract/declaration.ts';
import type { Action, Admitted, PageView, Refused, Reply, Route, Terms, View } from './actions.ts';
import type { Core } from './core.ts';
import { read } from './feed.ts';
import type { GrantDesk } from './grants.ts';
import type { LockDesk } from './locks.ts';
import { type Cursors, cursors, pageOf } from './pages.ts';
import { PeopleDesk } from './people.ts';
import type { Target } from './points.ts';
import { problem, type Problem } from './problems.ts';
import type { GrantRecord, LockRecord, OperationRecord, WebhookRecord } from './records.ts';

/** What the desk needs of the composition. */
export interface Backroom {
  readonly grants: GrantDesk;
  readonly locks: LockDesk;
  /** Puts another device behind a lock; false when none is at hand. */
  replace(lock: LockRecord, integration: string): boolean;
  challenge(webhook: WebhookRecord): void;
}

const abilityOf: Readonly<Partial<Record<Route, Ability>>> = {
  operate: 'remote-operation',
  readOperation: 'operations',
  setMode: 'modes',
  scheduleMode: 'mode-schedules',
  clearModes: 'mode-schedules',
  installFirmware: 'firmware-update',
  replaceLock: 'replaceable',
  addUser: 'users',
  readUser: 'users',
  renameUser: 'users',
  removeUser: 'users',
  listUsers: 'users',
  readEvents: 'events',
  addWebhook: 'webhooks',
  readWebhook: 'webhooks',
  removeWebhook: 'webhooks',
  listWebhooks: 'webhooks',
};
/** Routes that only the maker of the object may ask. */
const ownOnly: ReadonlySet<Route> = new Set([
  'renameUser',
  'removeUser',
  'changeGrant',
  'revokeGrant',
  'readWebhook',
  'removeWebhook',
]);
const posts: ReadonlySet<Route> = new Set(['operate', 'installFirmware', 'replaceLock', 'addUser', 'createGrant', 'addWebhook']);

const isProblem = (value: PageView | Problem): value is Problem => !('kind' in value);
const no = (told: Problem): Reply => ({ kind: 'refused', problem: told });
const ok = (view: View): Reply => ({ kind: 'ok', view, accepted: false, repeated: false });

/** What is asked of the platform by those whom the gate let in. */
export class ServiceDesk {
  readonly #core: Core;
  readonly #back: Backroom;

  constructor(core: Core, back: Backroom) {
    this.#core = core;
    this.#back = back;
    this.#people = new PeopleDesk(core, back.grants, back.challenge);
    this.#marks = cursors(core.store.secret());
  }
  readonly #now = (): number => this.#core.world.clock.nowMs();
  readonly #marks: Cursors;
  readonly #people: PeopleDesk;
  readonly #of = <T extends { readonly account: string }>(records: Iterable<T>, by: Admitted): T[] =>
    [...records].filter((record) => record.account === by.integration.account);

  readonly #findGrant = (id: string): GrantRecord | undefined => {
    const grant = this.#core.store.grants.get(id);
    return grant && this.#back.grants.readable(grant) ? grant : undefined;
  };

  /** Whose the object in the path is; null where there is none. */
  readonly #targetOf = (route: Route, id: string): Target | null => {
    const found = ((): { id: string; account: string; integration?: string | null } | undefined => {
      switch (route) {
        case 'readLock':
        case 'operate':
        case 'setMode':
        case 'scheduleMode':
        case 'clearModes':
        case 'installFirmware':
        case 'replaceLock':
        case 'listGrants':
          return this.#core.store.locks.get(id);
        case 'readOperation':
          return this.#core.store.operations.get(id);
        case 'readUser':
        case 'renameUser':
        case 'removeUser':
          return this.#core.store.users.get(id);
        case 'readGrant':
        case 'changeGrant':
        case 'revokeGrant':
          return this.#findGrant(id);
        case 'readWebhook':
        case 'removeWebhook':
          return this.#core.store.webhooks.get(id);
        case 'removeIntegration': {
          const integration = this.#core.store.integrations.get(id);
          return integration?.removedMs === null ? integration : undefined;
        }
        default:
          return undefined;
      }
    })();
    return found ? { id, account: found.account, integration: found.integration ?? null } : null;
  };

  readonly refusal = (route: Route, told: Problem): Problem => this.#core.decide('problem', { route, problem: told }, told);

  /** Whether the caller may touch the object in the path at all, or not this way. */
  readonly #mayTouch = (by: Admitted, route: Route, id: string): 'allow' | 'hide' | 'not-yours' => {
    const target = this.#targetOf(route, id);
    const own = ownOnly.has(route);
    const foreign = !target || target.account !== by.integration.account;
    const maker = target?.integration ?? null;
    const orphan = maker !== null && this.#core.store.integrations.get(maker)?.removedMs !== null;
    const others = own && maker !== null && maker !== by.integration.id && !orphan;
    const honest = foreign ? 'hide' : others ? 'not-yours' : 'allow';
    const { integration, scopes } = by;
    return this.#core.decide('authorise.object', { route, integration, scopes, target, own }, honest);
  };

  /** The second gate: whether the object named in the path is there for this caller. Null lets pass. */
  readonly locate = (by: Admitted, route: Route, id: string): Refused | null => {
    const hidden = this.#mayTouch(by, route, id) === 'hide' || !this.#targetOf(route, id);
    return hidden ? { kind: 'refused', problem: this.refusal(route, problem('not-found')), rate: by.rate } : null;
  };

  readonly #readEvents = (by: Admitted, action: Extract<Action, { route: 'readEvents' }>): Reply => {
    const { account } = by.integration;
    const list = `events ${account}`;
    const after = action.after === null ? 0 : this.#marks.read(list, action.after);
    if (after === null) return no(problem('cursor-invalid'));
    const limit = Math.min(action.limit ?? this.#core.declaration.limits.pageItems, this.#core.declaration.limits.pageItems);
    return ok(read(this.#core, account, { after, limit, scopes: by.scopes }, (place) => this.#marks.spell(list, place)));
  };

  readonly #createGrant = (by: Admitted, action: Extract<Action, { route: 'createGrant' }>): Reply => {
    const lock = this.#core.store.locks.get(action.lock);
    if (lock?.account !== by.integration.account) return no(problem('lock-unknown'));
    const user = action.user === null ? undefined : this.#core.store.users.get(action.user);
    if (action.user !== null && user?.account !== by.integration.account) return no(problem('user-unknown'));
    return this.#back.grants.create(by, action);
  };

  readonly #replaceLock = (by: Admitted, lock: LockRecord): Reply => {
    if (!this.#back.replace(lock, by.integration.id))
      return no(problem('lock-unavailable', { retryAfterMs: this.#core.declaration.timing.operateMs }));
    return ok(this.#back.locks.view(this.#core.store.locks.get(lock.id) ?? lock));
  };

  /** Lists, each with its own kind of cursor. */
  readonly #list = (by: Admitted, action: Extract<Action, { cursor: string | null }>): Reply => {
    const { account } = by.integration;
    const name = `${action.route} ${account}${'lock' in action ? ` ${action.lock}` : ''}`;
    const page = ((): PageView | Problem => {
      switch (action.route) {
        case 'listLocks':
          return pageOf(
            this.#core,
            this.#marks,
            name,
            this.#of(this.#core.store.locks.values(), by),
            action,
            this.#back.locks.view,
          );
        case 'listUsers':
          return pageOf(
            this.#core,
            this.#marks,
            name,
            this.#of(this.#core.store.users.values(), by),
            action,
            this.#people.userView,
          );
        case 'listGrants':
          return pageOf(this.#core, this.#marks, name, this.#back.grants.listed(action.lock), action, (grant) =>
            this.#back.grants.view(grant, by),
          );
        case 'listWebhooks': {
          const mine = this.#of(this.#core.store.webhooks.values(), by).filter(
            (webhook) => webhook.integration === by.integration.id,
          );
          return pageOf(this.#core, this.#marks, name, mine, action, (webhook) => this.#people.webhookView(webhook, false));
        }
        case 'listParties': {
          const live = this.#of(this.#core.store.integrations.values(), by).filter(
            (integration) => integration.removedMs === null,
          );
          const placed = live.map((integration, index) => ({ ...integration, order: index + 1 }));
          return pageOf(this.#core, this.#marks, name, placed, action, this.#people.partyView);
        }
      }
    })();
    return isProblem(page) ? no(page) : ok(page);
  };

  readonly #stale = (terms: Terms, version: number): boolean => terms.ifVersion !== null && terms.ifVersion !== version;

  /** Does what is asked of one user. */
  readonly #withUser = (
    by: Admitted,
    action: Extract<Action, { user: string; route: 'readUser' | 'renameUser' | 'removeUser' }>,
    terms: Terms,
  ): Reply => {
    const user = this.#core.store.users.get(action.user);
    if (!user) return no(problem('not-found'));
    if (action.route === 'readUser') return ok(this.#people.userView(user));
    if (this.#stale(terms, user.version)) return no(problem('version-stale'));
    return action.route === 'renameUser' ? this.#people.renameUser(by, user, action) : this.#people.removeUser(by, user);
  };

  readonly #withGrant = (by: Admitted, action: Extract<Action, { grant: string }>, terms: Terms): Reply => {
    const grant = this.#findGrant(action.grant);
    if (!grant) return no(problem('not-found'));
    if (action.route === 'readGrant') return ok(this.#back.grants.view(grant, by));
    if (this.#stale(terms, grant.version)) return no(problem('version-stale'));
    return action.route === 'changeGrant'
      ? this.#back.grants.change(by, grant, action)
      : this.#back.grants.revoke(by, grant, action);
  };

  readonly #withWebhook = (by: Admitted, action: Extract<Action, { webhook: string }>): Reply => {
    const webhook = this.#core.store.webhooks.get(action.webhook);
    if (!webhook) return no(problem('not-found'));
    return action.route === 'readWebhook'
      ? ok(this.#people.webhookView(webhook, false))
      : this.#people.removeWebhook(by, webhook);
  };

  readonly #carryOut = (by: Admitted, action: Action, terms: Terms): Reply => {
    switch (action.route) {
      case 'identify':
        return ok(this.#people.partyView({ ...by.integration, scopes: by.scopes }));
      case 'listLocks':
      case 'listUsers':
      case 'listGrants':
      case 'listWebhooks':
      case 'listParties':
        return this.#list(by, action);
      case 'readLock':
      case 'replaceLock': {
        const lock = this.#core.store.locks.get(action.lock);
        if (!lock) return no(problem('not-found'));
        return action.route === 'readLock' ? ok(this.#back.locks.view(lock)) : this.#replaceLock(by, lock);
      }
      case 'operate':
        return this.#back.locks.operate(by, action);
      case 'setMode':
        return this.#back.locks.setMode(by, action);
      case 'scheduleMode':
        return this.#back.locks.scheduleMode(by, action);
      case 'clearModes':
        return this.#back.locks.clearModes(by, action);
      case 'installFirmware':
        return this.#back.locks.install(by, action);
      case 'readOperation': {
        const operation: OperationRecord | undefined = this.#core.store.operations.get(action.operation);
        return operation ? ok(this.#back.locks.operationView(operation)) : no(problem('not-found'));
      }
      case 'addUser':
        return this.#people.addUser(by, action);
      case 'readUser':
      case 'renameUser':
      case 'removeUser':
        return this.#withUser(by, action, terms);
      case 'createGrant':
        return this.#createGrant(by, action);
      case 'readGrant':
      case 'changeGrant':
      case 'revokeGrant':
        return this.#withGrant(by, action, terms);
      case 'readEvents':
        return this.#readEvents(by, action);
      case 'addWebhook':
        return this.#people.addWebhook(by, action);
      case 'readWebhook':
      case 'removeWebhook':
        return this.#withWebhook(by, action);
      case 'removeIntegration':
        return this.#people.removeIntegration(by, action.removed);
    }
  };

  readonly #once = (by: Admitted, action: Action, terms: Terms): Reply => {
    const { idempotencyKey } = terms;
    if (idempotencyKey === null || !posts.has(action.route)) return this.#carryOut(by, action, terms);
    if (!has(this.#core.declaration, 'idempotency-key')) return no(problem('unsupported'));
    const key = `${by.integration.id} ${idempotencyKey}`;
    const digest = createHash('sha256').update(JSON.stringify(action)).digest('base64url');
    const nowMs = this.#now();
    const { keyKeptMs: keptMs } = this.#core.declaration.api;
    const kept = this.#core.store.keys.get(key);
    const found = kept && nowMs < kept.sinceMs + keptMs ? kept : null;
    const honest = !found ? 'new' : found.digest === digest ? 'repeat' : 'conflict';
    const meaning = this.#core.decide('idempotency', { found, digest, nowMs, keptMs }, honest);
    if (meaning === 'conflict') {
      const first = found && 'id' in found.reply.view ? found.reply.view.id : null;
      return no(problem('key-reused', { first }));
    }
    if (meaning === 'repeat' && found) return { ...found.reply, repeated: true };
    const reply = this.#carryOut(by, action, terms);
    if (reply.kind === 'ok') this.#core.store.putKey(key, { key, digest, reply, sinceMs: nowMs });
    return reply;
  };

  /** Does what an admitted caller asks. `id` is the object in the path, which `locate` has let pass. */
  readonly perform = (by: Admitted, action: Action, terms: Terms, id: string | null): Reply => {
    const { route } = action;
    const ability = abilityOf[route];
    const lacks = ability !== undefined && !has(this.#core.declaration, ability);
    const theirs = id !== null && this.#mayTouch(by, route, id) === 'not-yours';
    const reply = lacks ? no(problem('unsupported')) : theirs ? no(problem('not-yours')) : this.#once(by, action, terms);
    return reply.kind === 'ok' ? reply : no(this.refusal(route, reply.problem));
  };
}
