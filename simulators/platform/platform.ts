import type { Declaration } from '../../contract/declaration.ts';
import type { World } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import type { LockPort } from '../lock/port.ts';
import { accessDesk } from './access.ts';
import type { Action, Admitted, Refused, Reply, Route, Terms, TokenReply } from './actions.ts';
import { carrier, type Carrier } from './carrier.ts';
import { act, type Core } from './core.ts';
import { serviceDesk } from './desk.ts';
import { append } from './feed.ts';
import { grantDesk } from './grants.ts';
import { lockDesk } from './locks.ts';
import type { Problem } from './problems.ts';
import type { EventRecord, IntegrationRecord, LockRecord, SyncJob } from './records.ts';
import { retirement, type Retired } from './retired.ts';
import { Store } from './store.ts';
import { pusher, type Pusher, type Send, type Spell } from './webhooks.ts';

/** An integration as the composition plants it. */
export type SeedIntegration = Omit<IntegrationRecord, 'removedMs'>;
/** A lock as the composition plants it: its id, whose it is, and the way to it. */
export interface SeedLock {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly port: LockPort;
}

/** What a platform is made of. */
export interface PlatformParts {
  readonly world: World;
  readonly declaration: Declaration;
  readonly decide: Decide;
  readonly integrations: readonly SeedIntegration[];
  readonly locks: readonly SeedLock[];
  /** The device that waits to take the place of another; null when there is none. */
  spare(lock: string): LockPort | null;
  /** Carries webhooks; without it nobody is ever reached. */
  readonly send?: Send;
  /** Spells events for webhooks. */
  readonly spell?: Spell;
}

/** A cloud with no URL scheme: every answer is decided here, none is spelled. */
export interface Platform {
  signIn(client: string, secret: string, scopes: readonly string[] | null): TokenReply;
  refresh(client: string, secret: string, token: string, scopes: readonly string[] | null): TokenReply;
  /** False when the client is not known. */
  revokeToken(client: string, secret: string, token: string): boolean;
  /** Token, rate and scope, in this order. */
  admit(token: string | null, route: Route): Admitted | Refused;
  /** Whether the object in the path is there for this caller; null lets pass. */
  locate(by: Admitted, route: Route, id: string): Refused | null;
  perform(by: Admitted, action: Action, terms: Terms, id: string | null): Reply;
  /** A refusal of the face's own, such as of a body that is not JSON, as the platform tells it. */
  refusal(route: string, told: Problem): Problem;
  /** Everything in flight is lost; what is kept is taken up again. */
  restart(): void;
  /** Ends all work; resolves when nothing of it runs any more. */
  close(): void;
}

const freshLock = ({ id, account, name }: SeedLock, order: number, zone: string): LockRecord => ({
  ...{ id, order, account, name, zone, status: null, asOfMs: null, contactMs: null, aheadMs: 0, clockSetMs: null },
  ...{ logSeq: 0, logMs: null, saidOffline: false, version: 1, device: 1, predecessor: null },
});

/** A platform with its accounts and locks, at work from now on until it is closed. */
export function createPlatform(parts: PlatformParts): Platform {
  const { world, declaration, decide } = parts;
  const store = new Store(world.random.split('platform'));
  const ports = new Map<string, LockPort>();
  const retired: Retired[] = [];
  let carriers = new Map<string, Carrier>();
  let push: Pusher | null = null;
  let epoch = 0;
  let stop = new AbortController();

  for (const seed of parts.integrations) store.integrations.set(seed.id, { ...seed, removedMs: null });
  for (const seed of parts.locks) {
    store.locks.set(seed.id, freshLock(seed, store.order(), declaration.zone));
    ports.set(seed.id, seed.port);
  }

  const core: Core = {
    world,
    declaration,
    decide,
    store,
    tell: (account, draft): EventRecord | null => {
      const joined = append(core, account, draft);
      for (const { view } of joined) push?.event(account, view);
      return joined[0] ?? null;
    },
    wake: (lock) => carriers.get(lock)?.wake(),
  };
  const grants = grantDesk(core);
  const locks = lockDesk(core);
  const gate = accessDesk(core);

  const begin = (lock: string, alive: () => boolean): void => {
    const way = ports.get(lock);
    if (!way) return;
    const at = carriers.get(lock);
    at?.stop();
    const device = store.locks.get(lock)?.device;
    const made = carrier(core, grants, locks, lock, way, () => alive() && store.locks.get(lock)?.device === device);
    carriers.set(lock, made);
    void made.run();
  };

  const start = (): void => {
    epoch += 1;
    const mine = epoch;
    const alive = (): boolean => epoch === mine;
    for (const at of carriers.values()) at.stop();
    stop.abort(null);
    stop = new AbortController();
    carriers = new Map();
    locks.recall();
    push = parts.send && parts.spell ? pusher(core, parts.send, parts.spell, alive, stop.signal) : null;
    for (const lock of ports.keys()) begin(lock, alive);
    for (const old of retired) void retirement(core, old, alive, stop.signal);
  };

  /** Grants, wishes and history stay with the lock; what the old device held is set anew on the new one. */
  const replace = (lock: LockRecord, integration: string): boolean => {
    const old = ports.get(lock.id);
    const port = parts.spare(lock.id);
    if (!old || !port) return false;
    const event = core.tell(lock.account, act('lock.replaced', { lock: lock.id, integration, confirmed: false }));
    const live = [...store.grantsOf(lock.id).values()].filter((grant) => grant.goneMs === null);
    const jobs: SyncJob[] = [];
    for (const grant of live) {
      if (grant.integration === null) {
        // What a hand set at the old device is known to nobody else and stays behind.
        store.putGrant({ ...grant, wish: 'revoked', onLock: null, slot: null, goneMs: world.clock.nowMs() });
        core.tell(lock.account, act('code.removed-outside', { lock: lock.id, grant: grant.id }));
        continue;
      }
      if (grant.sync === 'failed' && !grant.onLock) continue;
      const moved = {
        ...grant,
        onLock: null,
        maybe: [],
        intent: grant.intent + 1,
        sync: grant.ended ? grant.sync : ('pending' as const),
      };
      store.putGrant(moved);
      const job = grants.jobOf(moved);
      if (job) jobs.push(job);
    }
    const anew = freshLock({ ...lock, port }, lock.order, lock.zone);
    const predecessor = { serial: lock.status?.serial ?? null, wiped: false, event: event?.view.id ?? '' };
    const honest = { jobs, wipe: true, lock: { ...anew, device: lock.device + 1, predecessor } };
    const told = decide('replace', { lock, grants: live }, honest);
    store.queues.set(lock.id, told.jobs);
    store.locks.set(lock.id, told.lock);
    ports.set(lock.id, port);
    const mine = epoch;
    const alive = (): boolean => epoch === mine;
    if (told.wipe) {
      const leaving: Retired = { lock, port: old, logSeq: lock.logSeq, logMs: lock.logMs, wiped: false, said: false };
      retired.push(leaving);
      void retirement(core, leaving, alive, stop.signal);
    }
    begin(lock.id, alive);
    return true;
  };

  const desk = serviceDesk(core, { grants, locks, replace, challenge: (webhook) => push?.challenge(webhook) });
  start();

  return {
    signIn: gate.signIn,
    refresh: gate.refresh,
    revokeToken: gate.revoke,
    admit: gate.admit,
    ...desk,
    restart: () => {
      store.restore(decide('restart', { nowMs: world.clock.nowMs() }, store.snapshot()));
      start();
    },
    close: () => {
      epoch += 1;
      for (const at of carriers.values()) at.stop();
      stop.abort(null);
    },
  };
}
