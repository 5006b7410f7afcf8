import { has, type Declaration } from '../../contract/declaration.ts';
import type { Links, TroubleName } from '../../contract/link.ts';
import type { Answer, Refusal } from '../../contract/answer.ts';
import type { Actor, Command, CommandName } from '../../contract/command.ts';
import type { LockApi } from '../../contract/lock.ts';
import type { ResultOf, Results } from '../../contract/view.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { Access } from '../../contract/vendor.ts';
import type { World } from '../../contract/world.ts';
import { decodeEvent, decodeGrant, decodeLock, decodeMe, decodeOperation, decodePage, decodeUser } from './codec.ts';
import {
  exchange,
  factsOf,
  networkRefusal,
  newTally,
  refusalOf,
  retryAfterMs,
  type Heard,
  type Line,
  type Tally,
} from './exchange.ts';
import { planOf, type Plan } from './requests.ts';
import { decodeWebhook, webhookReader } from './webhooks.ts';
import { tokenKeeper, type Tokens } from './tokens.ts';

/** Most requests for one command, where it may be repeated at all. */
export const maxTries = 2;
/** The pause before a repeat. */
export const repeatAfterMs = 200;
/** What another try cannot mend. */
const lasting: ReadonlySet<TroubleName> = new Set<TroubleName>(['certificate', 'redirect', 'oversized']);

type Read<T> = { readonly value: T; readonly confirmed: boolean } | null;
type Readers = { readonly [N in CommandName]: (body: unknown) => Read<Results[N]> };
/** How a command ended, before its result is read. */
type Ended =
  | { readonly kind: 'answer'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  | { readonly kind: 'lost'; readonly trouble: TroubleName };

const read = <T>(value: T | null, confirmed: (value: T) => boolean): Read<T> =>
  value === null ? null : { value, confirmed: confirmed(value) };

/** What each command's answer says, and whether the lock itself has reported it. */
function readersFor(secrets: Secrets): Readers {
  const lock = (body: unknown) => read(decodeLock(body), (view) => view.evidence === 'confirmed');
  const operation = (body: unknown) => read(decodeOperation(body), (view) => view.state === 'done');
  const user = (body: unknown) => read(decodeUser(body), () => true);
  const grant = (body: unknown) => read(decodeGrant(body, secrets), (view) => view.sync === 'confirmed');
  const page =
    <T>(item: (value: unknown) => T | null) =>
    (body: unknown) =>
      read(decodePage(body, item), () => true);
  const webhook = (body: unknown) => read(decodeWebhook(body), (view) => view.state === 'active');
  const done = () => ({ value: null, confirmed: true });
  return {
    identify: (body) => read(decodeMe(body), () => true),
    listLocks: page(decodeLock),
    readLock: lock,
    lock: operation,
    unlock: operation,
    setMode: operation,
    scheduleMode: operation,
    clearModes: operation,
    readOperation: operation,
    addUser: user,
    readUser: user,
    // The user is gone, the codes of the user are not yet.
    removeUser: () => ({ value: null, confirmed: false }),
    renameUser: user,
    listUsers: page(decodeUser),
    createGrant: grant,
    readGrant: grant,
    revokeGrant: grant,
    changeGrant: grant,
    listGrants: page((item) => decodeGrant(item, secrets)),
    readEvents: page(decodeEvent),
    addWebhook: webhook,
    readWebhook: webhook,
    removeWebhook: done,
    listWebhooks: page(decodeWebhook),
    refresh: done,
    replaceLock: lock,
    installFirmware: operation,
    probe: done,
  };
}

/** Whether a request that was refused so may have been accepted under the same key before: it was refused unseen. */
const isUnseen = (status: number): boolean => status === 401 || status === 403 || status === 429 || status >= 500;

function headersOf(plan: Plan, token: string | null, sendsKey: boolean): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    ...(plan.body === null ? {} : { 'content-type': plan.contentType }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(sendsKey && plan.key !== null ? { 'idempotency-key': plan.key } : {}),
  };
}

/** What an answer or a trouble amounts to when no further try is made. */
function endOf(heard: Heard): Ended {
  if (heard.kind === 'trouble') {
    return heard.unsent ? { kind: 'refused', reason: networkRefusal } : { kind: 'lost', trouble: heard.trouble };
  }
  const { status } = heard.reply;
  if (status >= 300 && status < 400) return { kind: 'lost', trouble: 'redirect' };
  if (status >= 200 && status < 300)
    return heard.isJson ? { kind: 'answer', body: heard.body } : { kind: 'lost', trouble: 'garbled' };
  // A server's failure that says nothing of its effect is no promise that there was none.
  if (status >= 500 && (!heard.isJson || heard.body === undefined)) return { kind: 'lost', trouble: 'garbled' };
  const reason = refusalOf(heard.reply, heard.body);
  return reason.code === 'outcome-unknown' ? { kind: 'lost', trouble: 'late' } : { kind: 'refused', reason };
}

/** Carries out one planned command: token, tries, and what must not be repeated. */
async function conduct(line: Line, tokens: Tokens, actor: Actor, plan: Plan, hasKeys: boolean, tally: Tally): Promise<Ended> {
  const { clock } = line.world;
  const startMs = clock.nowMs();
  const isRead = plan.method === 'GET';
  const mayRepeat = isRead || (hasKeys && plan.key !== null);
  let renewed = false;
  let unknown: Extract<Ended, { kind: 'lost' }> | null = null;
  for (let tries = 1; ;) {
    const bearer = await tokens.bearer(actor, tally);
    if (bearer.kind === 'refused') return unknown ?? bearer;
    const request = { method: plan.method, path: plan.path, headers: headersOf(plan, bearer.token, hasKeys) };
    const heard = await exchange(line, plan.operation, plan.body === null ? request : { ...request, body: plan.body }, tally);
    const status = heard.kind === 'heard' ? heard.reply.status : null;
    if (status === 401 && !renewed && tokens.isExpired(actor, bearer.token)) {
      renewed = true;
      continue;
    }
    const ended = endOf(heard);
    const again = mayRepeat && tries < maxTries;
    if (again && status === 429 && heard.kind === 'heard') {
      const waitMs = retryAfterMs(heard.reply);
      if (waitMs !== null && clock.nowMs() - startMs + waitMs < line.callMs) {
        tries += 1;
        await clock.sleep(waitMs);
        continue;
      }
    }
    const failed = ended.kind === 'lost' || heard.kind === 'trouble';
    if (failed && again && !(heard.kind === 'trouble' && lasting.has(heard.trouble))) {
      if (ended.kind === 'lost' && !isRead) unknown ??= ended;
      tries += 1;
      await clock.sleep(repeatAfterMs);
      continue;
    }
    if (unknown && ended.kind === 'refused' && (status === null || isUnseen(status))) return unknown;
    return ended;
  }
}

/** The reference platform's API over one HTTP link. Throws only when the link is missing: that is a bench put together wrongly. */
export function connect(world: World, links: Links, access: Access, secrets: Secrets, declaration: Declaration): LockApi {
  const { http, inbound } = links;
  if (!http) throw new Error('the reference driver needs an http link');
  const line: Line = { world, http, secrets, callMs: declaration.timing.callMs };
  const tokens = tokenKeeper(line, access);
  const readers = readersFor(secrets);
  const hooks = webhookReader(world.clock, secrets);
  const hasKeys = has(declaration, 'idempotency-key');
  const readAs = <N extends CommandName>(name: N, body: unknown): Read<Results[N]> => readers[name](body);

  async function carry(actor: Actor, command: Command, tally: Tally): Promise<Ended> {
    const plan = planOf(command, secrets, inbound?.url);
    if (plan) return conduct(line, tokens, actor, plan, hasKeys, tally);
    const issued = await tokens.rotate(actor, command.do === 'refresh' && command.spent === true, tally);
    if (issued.kind === 'pair') return { kind: 'answer', body: undefined };
    return issued.kind === 'refused' ? issued : endOf(issued);
  }

  async function perform<C extends Command>(actor: Actor, command: C): Promise<Answer<ResultOf<C>>> {
    const tally = newTally();
    const carried = carry(actor, command, tally);
    if (command.do === 'addWebhook') hooks.asked(command.webhook, carried.then(shownTo));
    const ended = await carried;
    const facts = factsOf(tally);
    if (ended.kind === 'refused') return { kind: 'refused', reason: ended.reason, facts };
    if (ended.kind === 'lost') return { kind: 'lost', trouble: ended.trouble, facts };
    const name: C['do'] = command.do;
    const result = readAs(name, ended.body);
    return result ? { kind: 'ok', ...result, facts } : { kind: 'lost', trouble: 'garbled', facts };
  }

  const commands = new Set<CommandName>();
  for (const name in readers) if (isCommand(readers, name) && (inbound || !onReceiver.has(name))) commands.add(name);
  return { actors: tokens.actors, commands, perform, receive: hooks.receive };
}

/** What makes no sense without a receiver. */
const onReceiver: ReadonlySet<CommandName> = new Set<CommandName>(['addWebhook', 'readWebhook', 'removeWebhook', 'listWebhooks']);
/** What an answer to `addWebhook` shows that is needed to check what is pushed. */
const shownTo = (ended: Ended): unknown => (ended.kind === 'answer' ? ended.body : null);
const isCommand = (readers: Readers, name: string): name is CommandName => Object.hasOwn(readers, name);
