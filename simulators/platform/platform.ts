import type { Declaration } from '../../contract/declaration.ts';
import type { PlatformPoints } from './points.ts';
import type { World } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import type { LockPort } from '../lock/port.ts';
import { AccessDesk } from './access.ts';
import type { Action, Admitted, Refused, Reply, Route, Terms, TokenReply } from './actions.ts';
import { Carrier } from './carrier.ts';
import type { Core } from './core.ts';
import { ServiceDesk } from './desk.ts';
import { append } from './feed.ts';
import { GrantDesk } from './grants.ts';
import { LockDesk } from './locks.ts';
import type { Problem } from './problems.ts';
import type { EventDraft, EventRecord, IntegrationRecord, LockRecord } from './records.ts';
import { freshLock, moveHouse } from './replacement.ts';
import { retirement, type Retired } from './retired.ts';
import { Store } from './store.ts';
import { Pusher, type Send, type Spell } from './webhooks.ts';

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

type Told = PlatformPoints['answer']['answer'];

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
  /** What leaves in the end for an answer that the face has spelled. */
  tell(route: Route, spelled: Pick<Told, 'status' | 'body'>): Told;
  /** Everything in flight is lost; what is kept is taken up again. */
  restart(): void;
  /** Ends all work. */
  close(): void;
}

/** The work of a platform: one carrier for each lock, one line for each webhook, all ended and begun anew by a restart. */
class Works implements Core {
  readonly world: World;
  readonly declaration: Declaration;
  readonly decide: Decide;
  readonly store: Store;
  readonly grants: GrantDesk;
  readonly locks: LockDesk;
  readonly #parts: PlatformParts;
  readonly #ports = new Map<string, LockPort>();
  readonly #carriers = new Map<string, Carrier>();
  readonly #retired: Retired[] = [];
  #pusher: Pusher | null = null;
  #stop = new AbortController();

  constructor(parts: PlatformParts) {
    ({ world: this.world, declaration: this.declaration, decide: this.decide } = parts);
    this.#parts = parts;
    this.store = new Store(parts.world.random.split('platform'));
    for (const seed of parts.integrations) this.store.integrations.set(seed.id, { ...seed, removedMs: null });
    for (const seed of parts.locks) {
      this.store.locks.set(seed.id, freshLock(seed, this.store.order(), parts.declaration.zone));
      this.#ports.set(seed.id, seed.port);
    }
    this.grants = new GrantDesk(this);
    this.locks = new LockDesk(this);
  }

  tell(account: string, draft: EventDraft): EventRecord | null {
    const joined = append(this, account, draft);
    for (const { view } of joined) this.#pusher?.event(account, view);
    return joined[0] ?? null;
  }

  wake(lock: string): void {
    this.#carriers.get(lock)?.wake();
  }

  challenge: Pusher['challenge'] = (webhook) => this.#pusher?.challenge(webhook);

  #begin(lock: string): void {
    const port = this.#ports.get(lock);
    if (!port) return;
    this.#carriers.get(lock)?.stop();
    const { signal } = this.#stop;
    const device = this.store.locks.get(lock)?.device;
    const alive = (): boolean => !signal.aborted && this.store.locks.get(lock)?.device === device;
    const made = new Carrier(this, this.grants, this.locks, lock, port, alive);
    this.#carriers.set(lock, made);
    void made.run();
  }

  stop(): void {
    this.#stop.abort(null);
    for (const at of this.#carriers.values()) at.stop();
    this.#carriers.clear();
    this.#pusher = null;
  }

  start(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const { send, spell } = this.#parts;
    this.locks.recall();
    if (send && spell) {
      this.#pusher = new Pusher(this, send, spell, signal);
      for (const webhook of this.store.webhooks.values()) if (webhook.state === 'pending') this.#pusher.challenge(webhook);
    }
    for (const lock of this.#ports.keys()) this.#begin(lock);
    for (const old of this.#retired) if (!old.wiped) void retirement(this, old, signal);
  }

  restart(): void {
    this.stop();
    this.store.restore(this.decide('restart', { nowMs: this.world.clock.nowMs() }, this.store.snapshot()));
    this.start();
  }

  /** Puts another device behind a lock; false when none is at hand. */
  replace(lock: LockRecord, integration: string): boolean {
    const old = this.#ports.get(lock.id);
    const port = this.#parts.spare(lock.id);
    if (!old || !port) return false;
    this.#ports.set(lock.id, port);
    if (moveHouse(this, this.grants, lock, integration)) {
      const leaving: Retired = { lock, port: old, logSeq: lock.logSeq, logMs: lock.logMs, wiped: false, said: false };
      this.#retired.push(leaving);
      void retirement(this, leaving, this.#stop.signal);
    }
    this.#begin(lock.id);
    return true;
  }
}

/** A platform with its accounts and locks, at work from now on until it is closed. */
export function createPlatform(parts: PlatformParts): Platform {
  const works = new Works(parts);
  const gate = new AccessDesk(works);
  const { grants, locks, challenge } = works;
  const desk = new ServiceDesk(works, { grants, locks, challenge, replace: (lock, by) => works.replace(lock, by) });
  works.start();
  return {
    signIn: gate.signIn,
    refresh: gate.refresh,
    revokeToken: gate.revoke,
    admit: gate.admit,
    locate: desk.locate,
    perform: desk.perform,
    refusal: desk.refusal,
    tell: (route, { status, body }) => works.decide('answer', { route }, { status, body, delayMs: 0 }),
    restart: () => works.restart(),
    close: () => works.stop(),
  };
}
