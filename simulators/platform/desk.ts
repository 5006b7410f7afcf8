import { createHash } from 'node:crypto';
import { type Ability, has } from '../../contract/declaration.ts';
import type { Action, Admitted, ObjectView, PageView, Refused, Reply, Route, Terms, View } from './actions.ts';
import { act, type Core } from './core.ts';
import { read } from './feed.ts';
import { nameProblem } from './grant-rules.ts';
import type { GrantDesk } from './grants.ts';
import type { LockDesk } from './locks.ts';
import { cursors, pageOf } from './pages.ts';
import type { Target } from './points.ts';
import { problem, type Problem } from './problems.ts';
import type { GrantRecord, IntegrationRecord, LockRecord, OperationRecord, UserRecord, WebhookRecord } from './records.ts';
import { allowedUrl, maxWebhooks } from './webhooks.ts';

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
export function serviceDesk(core: Core, back: Backroom) {
  const { store, decide, declaration } = core;
  const { grants, locks } = back;
  const now = (): number => core.world.clock.nowMs();
  const marks = cursors(store.secret());
  const of = <T extends { readonly account: string }>(records: Iterable<T>, by: Admitted): T[] =>
    [...records].filter((record) => record.account === by.integration.account);

  const findGrant = (id: string): GrantRecord | undefined => {
    const grant = store.grants.get(id);
    return grant && grants.readable(grant) ? grant : undefined;
  };

  /** Whose the object in the path is; null where there is none. */
  const targetOf = (route: Route, id: string): Target | null => {
    const found = ((): { id: string; account: string; integration?: string | null } | undefined => {
      switch (route) {
        case 'readLock':
        case 'operate':
        case 'installFirmware':
        case 'replaceLock':
        case 'listGrants':
          return store.locks.get(id);
        case 'readOperation':
          return store.operations.get(id);
        case 'readUser':
        case 'renameUser':
        case 'removeUser':
          return store.users.get(id);
        case 'readGrant':
        case 'changeGrant':
        case 'revokeGrant':
          return findGrant(id);
        case 'readWebhook':
        case 'removeWebhook':
          return store.webhooks.get(id);
        case 'removeIntegration': {
          const integration = store.integrations.get(id);
          return integration?.removedMs === null ? integration : undefined;
        }
        default:
          return undefined;
      }
    })();
    return found ? { id, account: found.account, integration: found.integration ?? null } : null;
  };

  const refusal = (route: Route, told: Problem): Problem => decide('problem', { route, problem: told }, told);

  /** Whether the caller may touch the object in the path at all, or not this way. */
  const mayTouch = (by: Admitted, route: Route, id: string): 'allow' | 'hide' | 'not-yours' => {
    const target = targetOf(route, id);
    const own = ownOnly.has(route);
    const foreign = !target || target.account !== by.integration.account;
    const maker = target?.integration ?? null;
    const orphan = maker !== null && store.integrations.get(maker)?.removedMs !== null;
    const others = own && maker !== null && maker !== by.integration.id && !orphan;
    const honest = foreign ? 'hide' : others ? 'not-yours' : 'allow';
    const { integration, scopes } = by;
    return decide('authorise.object', { route, integration, scopes, target, own }, honest);
  };

  /** The second gate: whether the object named in the path is there for this caller. Null lets pass. */
  const locate = (by: Admitted, route: Route, id: string): Refused | null => {
    const hidden = mayTouch(by, route, id) === 'hide' || !targetOf(route, id);
    return hidden ? { kind: 'refused', problem: refusal(route, problem('not-found')), rate: by.rate } : null;
  };

  const userView = ({ id, name, version }: UserRecord): ObjectView => ({ kind: 'user', id, name, version });
  const webhookView = ({ id, url, state, secret }: WebhookRecord, shown: boolean): ObjectView => ({
    ...{ kind: 'webhook', id, url, state },
    secret: shown ? secret : null,
  });
  const partyView = ({ id, account, name, scopes }: IntegrationRecord): ObjectView => ({
    ...{ kind: 'integration', id, account, name, scopes },
  });

  const addUser = (by: Admitted, action: Extract<Action, { route: 'addUser' }>): Reply => {
    const { name } = action;
    const crowd = of(store.users.values(), by).length;
    const honest = nameProblem(name, declaration) ?? (crowd >= declaration.limits.users ? problem('users-full') : null);
    const wrong = decide('request.validate', { route: action.route, request: action, before: null, nowMs: now() }, honest);
    if (wrong) return no(wrong);
    const { account, id: integration } = by.integration;
    const user: UserRecord = { id: store.id('us'), order: store.order(), account, integration, name, version: 1 };
    store.users.set(user.id, user);
    core.tell(account, act('user.added', { user: user.id, integration }));
    return ok(userView(user));
  };

  const renameUser = (by: Admitted, user: UserRecord, action: Extract<Action, { route: 'renameUser' }>): Reply => {
    const honest = nameProblem(action.name, declaration);
    const wrong = decide('request.validate', { route: action.route, request: action, before: user, nowMs: now() }, honest);
    if (wrong) return no(wrong);
    const after = { ...user, name: action.name, version: user.version + 1 };
    store.users.set(user.id, after);
    core.tell(user.account, act('user.changed', { user: user.id, integration: by.integration.id }));
    return ok(userView(after));
  };

  const removeUser = (by: Admitted, user: UserRecord): Reply => {
    const all = of(store.grants.values(), by);
    const held = all.filter((grant) => grant.user === user.id && grant.wish !== 'revoked').map((grant) => grant.id);
    store.users.delete(user.id);
    core.tell(user.account, act('user.removed', { user: user.id, integration: by.integration.id }));
    for (const id of decide('user.remove', { user, grants: all }, held)) {
      const grant = store.grants.get(id);
      if (grant) grants.wishAway(grant, by.integration.id);
    }
    return ok({ kind: 'none' });
  };

  const removeIntegration = (by: Admitted, id: string): Reply => {
    const integration = store.integrations.get(id);
    if (!integration) return no(problem('not-found'));
    store.integrations.set(id, { ...integration, removedMs: now() });
    core.tell(integration.account, act('integration.removed', { integration: id }));
    for (const webhook of store.webhooks.values()) if (webhook.integration === id) store.webhooks.delete(webhook.id);
    for (const grant of of(store.grants.values(), by)) if (grant.integration === id) grants.wishAway(grant, by.integration.id);
    return ok({ kind: 'none' });
  };

  const addWebhook = (by: Admitted, action: Extract<Action, { route: 'addWebhook' }>): Reply => {
    const { account, id: integration } = by.integration;
    const mine = [...store.webhooks.values()].filter((webhook) => webhook.integration === integration);
    const crowded = mine.length >= maxWebhooks ? problem('webhooks-full') : null;
    const honest = allowedUrl(action.url) ? crowded : problem('webhook-url');
    const wrong = decide('request.validate', { route: action.route, request: action, before: null, nowMs: now() }, honest);
    if (wrong) return no(wrong);
    const secret = Buffer.from(store.secret(), 'utf8').toString('base64');
    const made = { id: store.id('wh'), order: store.order(), account, integration, url: action.url, secret, version: 1 };
    const webhook: WebhookRecord = { ...made, state: 'pending' };
    store.webhooks.set(webhook.id, webhook);
    core.tell(account, act('webhook.added', { integration }));
    back.challenge(webhook);
    return ok(webhookView(webhook, true));
  };

  const removeWebhook = (by: Admitted, webhook: WebhookRecord): Reply => {
    store.webhooks.delete(webhook.id);
    core.tell(webhook.account, act('webhook.removed', { integration: by.integration.id }));
    return ok({ kind: 'none' });
  };

  const readEvents = (by: Admitted, action: Extract<Action, { route: 'readEvents' }>): Reply => {
    const { account } = by.integration;
    const list = `events ${account}`;
    const after = action.after === null ? 0 : marks.read(list, action.after);
    if (after === null) return no(problem('cursor-invalid'));
    const limit = Math.min(action.limit ?? declaration.limits.pageItems, declaration.limits.pageItems);
    return ok(read(core, account, { after, limit, scopes: by.scopes }, (place) => marks.spell(list, place)));
  };

  const createGrant = (by: Admitted, action: Extract<Action, { route: 'createGrant' }>): Reply => {
    const lock = store.locks.get(action.lock);
    if (lock?.account !== by.integration.account) return no(problem('lock-unknown'));
    const user = action.user === null ? undefined : store.users.get(action.user);
    if (action.user !== null && user?.account !== by.integration.account) return no(problem('user-unknown'));
    return grants.create(by, action);
  };

  const replaceLock = (by: Admitted, lock: LockRecord): Reply => {
    if (!back.replace(lock, by.integration.id))
      return no(problem('lock-unavailable', { retryAfterMs: declaration.timing.operateMs }));
    return ok(locks.view(store.locks.get(lock.id) ?? lock));
  };

  /** Lists, each with its own kind of cursor. */
  const list = (by: Admitted, action: Extract<Action, { cursor: string | null }>): Reply => {
    const { account } = by.integration;
    const name = `${action.route} ${account}${'lock' in action ? ` ${action.lock}` : ''}`;
    const page = ((): PageView | Problem => {
      switch (action.route) {
        case 'listLocks':
          return pageOf(core, marks, name, of(store.locks.values(), by), action, locks.view);
        case 'listUsers':
          return pageOf(core, marks, name, of(store.users.values(), by), action, userView);
        case 'listGrants':
          return pageOf(core, marks, name, grants.listed(action.lock), action, (grant) => grants.view(grant, by));
        case 'listWebhooks': {
          const mine = of(store.webhooks.values(), by).filter((webhook) => webhook.integration === by.integration.id);
          return pageOf(core, marks, name, mine, action, (webhook) => webhookView(webhook, false));
        }
        case 'listParties': {
          const live = of(store.integrations.values(), by).filter((integration) => integration.removedMs === null);
          const placed = live.map((integration, index) => ({ ...integration, order: index + 1 }));
          return pageOf(core, marks, name, placed, action, partyView);
        }
      }
    })();
    return isProblem(page) ? no(page) : ok(page);
  };

  const stale = (terms: Terms, version: number): boolean => terms.ifVersion !== null && terms.ifVersion !== version;

  /** Does what is asked of one user. */
  const withUser = (
    by: Admitted,
    action: Extract<Action, { user: string; route: 'readUser' | 'renameUser' | 'removeUser' }>,
    terms: Terms,
  ): Reply => {
    const user = store.users.get(action.user);
    if (!user) return no(problem('not-found'));
    if (action.route === 'readUser') return ok(userView(user));
    if (stale(terms, user.version)) return no(problem('version-stale'));
    return action.route === 'renameUser' ? renameUser(by, user, action) : removeUser(by, user);
  };

  const withGrant = (by: Admitted, action: Extract<Action, { grant: string }>, terms: Terms): Reply => {
    const grant = findGrant(action.grant);
    if (!grant) return no(problem('not-found'));
    if (action.route === 'readGrant') return ok(grants.view(grant, by));
    if (stale(terms, grant.version)) return no(problem('version-stale'));
    return action.route === 'changeGrant' ? grants.change(by, grant, action) : grants.revoke(by, grant, action);
  };

  const withWebhook = (by: Admitted, action: Extract<Action, { webhook: string }>): Reply => {
    const webhook = store.webhooks.get(action.webhook);
    if (!webhook) return no(problem('not-found'));
    return action.route === 'readWebhook' ? ok(webhookView(webhook, false)) : removeWebhook(by, webhook);
  };

  const carryOut = (by: Admitted, action: Action, terms: Terms): Reply => {
    switch (action.route) {
      case 'identify':
        return ok(partyView({ ...by.integration, scopes: by.scopes }));
      case 'listLocks':
      case 'listUsers':
      case 'listGrants':
      case 'listWebhooks':
      case 'listParties':
        return list(by, action);
      case 'readLock':
      case 'replaceLock': {
        const lock = store.locks.get(action.lock);
        if (!lock) return no(problem('not-found'));
        return action.route === 'readLock' ? ok(locks.view(lock)) : replaceLock(by, lock);
      }
      case 'operate':
        return locks.operate(by, action);
      case 'installFirmware':
        return locks.install(by, action);
      case 'readOperation': {
        const operation: OperationRecord | undefined = store.operations.get(action.operation);
        return operation ? ok(locks.operationView(operation)) : no(problem('not-found'));
      }
      case 'addUser':
        return addUser(by, action);
      case 'readUser':
      case 'renameUser':
      case 'removeUser':
        return withUser(by, action, terms);
      case 'createGrant':
        return createGrant(by, action);
      case 'readGrant':
      case 'changeGrant':
      case 'revokeGrant':
        return withGrant(by, action, terms);
      case 'readEvents':
        return readEvents(by, action);
      case 'addWebhook':
        return addWebhook(by, action);
      case 'readWebhook':
      case 'removeWebhook':
        return withWebhook(by, action);
      case 'removeIntegration':
        return removeIntegration(by, action.removed);
    }
  };

  const once = (by: Admitted, action: Action, terms: Terms): Reply => {
    const { idempotencyKey } = terms;
    if (idempotencyKey === null || !posts.has(action.route)) return carryOut(by, action, terms);
    if (!has(declaration, 'idempotency-key')) return no(problem('unsupported'));
    const key = `${by.integration.id} ${idempotencyKey}`;
    const digest = createHash('sha256').update(JSON.stringify(action)).digest('base64url');
    const nowMs = now();
    const { keyKeptMs: keptMs } = declaration.api;
    const kept = store.keys.get(key);
    const found = kept && nowMs < kept.sinceMs + keptMs ? kept : null;
    const honest = !found ? 'new' : found.digest === digest ? 'repeat' : 'conflict';
    const meaning = decide('idempotency', { found, digest, nowMs, keptMs }, honest);
    if (meaning === 'conflict') {
      const first = found && 'id' in found.reply.view ? found.reply.view.id : null;
      return no(problem('key-reused', { first }));
    }
    if (meaning === 'repeat' && found) return { ...found.reply, repeated: true };
    const reply = carryOut(by, action, terms);
    if (reply.kind === 'ok') store.putKey(key, { key, digest, reply, sinceMs: nowMs });
    return reply;
  };

  /** Does what an admitted caller asks. `id` is the object in the path, which `locate` has let pass. */
  const perform = (by: Admitted, action: Action, terms: Terms, id: string | null): Reply => {
    const { route } = action;
    const ability = abilityOf[route];
    const lacks = ability !== undefined && !has(declaration, ability);
    const theirs = id !== null && mayTouch(by, route, id) === 'not-yours';
    const reply = lacks ? no(problem('unsupported')) : theirs ? no(problem('not-yours')) : once(by, action, terms);
    return reply.kind === 'ok' ? reply : no(refusal(route, reply.problem));
  };

  return { locate, perform, refusal };
}
