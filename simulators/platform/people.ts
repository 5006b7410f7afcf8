import type { Action, Admitted, ObjectView, Reply, View } from './actions.ts';
import { act, type Core } from './core.ts';
import { nameProblem } from './grant-rules.ts';
import type { GrantDesk } from './grants.ts';
import { problem, type Problem } from './problems.ts';
import type { IntegrationRecord, UserRecord, WebhookRecord } from './records.ts';
import { allowedUrl, maxWebhooks } from './webhooks.ts';

const no = (told: Problem): Reply => ({ kind: 'refused', problem: told });
const ok = (view: View): Reply => ({ kind: 'ok', view, accepted: false, repeated: false });

/** Users, integrations and their webhooks. */
export class PeopleDesk {
  readonly #core: Core;
  readonly #grants: GrantDesk;
  readonly #challenge: (webhook: WebhookRecord) => void;

  constructor(core: Core, grants: GrantDesk, challenge: (webhook: WebhookRecord) => void) {
    this.#core = core;
    this.#grants = grants;
    this.#challenge = challenge;
  }

  readonly #now = (): number => this.#core.world.clock.nowMs();

  readonly #of = <T extends { readonly account: string }>(records: Iterable<T>, by: Admitted): T[] =>
    [...records].filter((record) => record.account === by.integration.account);

  readonly userView = ({ id, name, version }: UserRecord): ObjectView => ({ kind: 'user', id, name, version });
  readonly webhookView = ({ id, url, state, secret }: WebhookRecord, shown: boolean): ObjectView => ({
    kind: 'webhook',
    id,
    url,
    state,
    secret: shown ? secret : null,
  });
  readonly partyView = ({ id, account, name, scopes }: IntegrationRecord): ObjectView => ({
    kind: 'integration',
    id,
    account,
    name,
    scopes,
  });

  readonly addUser = (by: Admitted, action: Extract<Action, { route: 'addUser' }>): Reply => {
    const { name } = action;
    const crowd = this.#of(this.#core.store.users.values(), by).length;
    const honest =
      nameProblem(name, this.#core.declaration) ?? (crowd >= this.#core.declaration.limits.users ? problem('users-full') : null);
    const wrong = this.#core.decide(
      'request.validate',
      { route: action.route, request: action, before: null, nowMs: this.#now() },
      honest,
    );
    if (wrong) return no(wrong);
    const { account, id: integration } = by.integration;
    const user: UserRecord = {
      id: this.#core.store.id('us'),
      order: this.#core.store.order(),
      account,
      integration,
      name,
      version: 1,
    };
    this.#core.store.users.set(user.id, user);
    this.#core.tell(account, act('user.added', { user: user.id, integration }));
    return ok(this.userView(user));
  };

  readonly renameUser = (by: Admitted, user: UserRecord, action: Extract<Action, { route: 'renameUser' }>): Reply => {
    const honest = nameProblem(action.name, this.#core.declaration);
    const wrong = this.#core.decide(
      'request.validate',
      { route: action.route, request: action, before: user, nowMs: this.#now() },
      honest,
    );
    if (wrong) return no(wrong);
    const after = { ...user, name: action.name, version: user.version + 1 };
    this.#core.store.users.set(user.id, after);
    this.#core.tell(user.account, act('user.changed', { user: user.id, integration: by.integration.id }));
    return ok(this.userView(after));
  };

  readonly removeUser = (by: Admitted, user: UserRecord): Reply => {
    const all = this.#of(this.#core.store.grants.values(), by);
    const held = all.filter((grant) => grant.user === user.id && grant.wish !== 'revoked').map((grant) => grant.id);
    this.#core.store.users.delete(user.id);
    this.#core.tell(user.account, act('user.removed', { user: user.id, integration: by.integration.id }));
    for (const id of this.#core.decide('user.remove', { user, grants: all }, held)) {
      const grant = this.#core.store.grants.get(id);
      if (grant) this.#grants.wishAway(grant, by.integration.id);
    }
    return ok({ kind: 'none' });
  };

  readonly removeIntegration = (by: Admitted, id: string): Reply => {
    const integration = this.#core.store.integrations.get(id);
    if (!integration) return no(problem('not-found'));
    this.#core.store.integrations.set(id, { ...integration, removedMs: this.#now() });
    this.#core.tell(integration.account, act('integration.removed', { integration: id }));
    for (const webhook of this.#core.store.webhooks.values())
      if (webhook.integration === id) this.#core.store.webhooks.delete(webhook.id);
    for (const grant of this.#of(this.#core.store.grants.values(), by))
      if (grant.integration === id) this.#grants.wishAway(grant, by.integration.id);
    return ok({ kind: 'none' });
  };

  readonly addWebhook = (by: Admitted, action: Extract<Action, { route: 'addWebhook' }>): Reply => {
    const { account, id: integration } = by.integration;
    const mine = [...this.#core.store.webhooks.values()].filter((webhook) => webhook.integration === integration);
    const crowded = mine.length >= maxWebhooks ? problem('webhooks-full') : null;
    const honest = allowedUrl(action.url) ? crowded : problem('webhook-url');
    const wrong = this.#core.decide(
      'request.validate',
      { route: action.route, request: action, before: null, nowMs: this.#now() },
      honest,
    );
    if (wrong) return no(wrong);
    const fresh = Buffer.from(this.#core.store.secret(), 'utf8').toString('base64');
    const secret = this.#core.decide('webhook.secret', {}, fresh);
    const made = {
      id: this.#core.store.id('wh'),
      order: this.#core.store.order(),
      account,
      integration,
      url: action.url,
      secret,
      version: 1,
    };
    const pending: WebhookRecord = { ...made, state: 'pending' };
    const isAsked = this.#core.decide('webhook.challenge', { webhook: pending }, true);
    const webhook: WebhookRecord = isAsked ? pending : { ...pending, state: 'active' };
    this.#core.store.webhooks.set(webhook.id, webhook);
    this.#core.tell(account, act('webhook.added', { integration }));
    if (isAsked) this.#challenge(webhook);
    return ok(this.webhookView(webhook, true));
  };

  readonly removeWebhook = (by: Admitted, webhook: WebhookRecord): Reply => {
    this.#core.store.webhooks.delete(webhook.id);
    this.#core.tell(webhook.account, act('webhook.removed', { integration: by.integration.id }));
    return ok({ kind: 'none' });
  };
}
