import type { Command } from './command.ts';
import type { EventView } from './event.ts';
import type { PinSymbol, Window } from './grant.ts';
import type { Mode } from './mode.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Null at the end. For events the place to read on from later, never null. */
  readonly cursor: string | null;
}

/** Where a state comes from: reported by the lock, assumed by the platform, or unknown. */
export type Evidence = 'confirmed' | 'assumed' | 'unknown';

export interface LockView {
  readonly id: string;
  readonly name: string;
  readonly bolt: 'locked' | 'unlocked' | 'jammed' | 'unknown';
  readonly evidence: Evidence;
  /** When the bolt state was true, epoch ms; null when the platform does not say. */
  readonly asOfMs: number | null;
  readonly online: boolean | null;
  readonly batteryPercent: number | null;
  readonly batteryLow: boolean | null;
  readonly clock: 'synced' | 'unsynced' | null;
  readonly zone: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
  /** The mode that is in force, of a spell or not; null when the platform does not say. */
  readonly mode: Mode | null;
}

export interface OperationView {
  readonly id: string;
  readonly state: 'pending' | 'done' | 'failed' | 'expired';
  /** Why it failed, in the contract's words. */
  readonly cause: 'jam' | 'offline' | 'refused' | 'power' | 'other' | null;
}

export interface UserView {
  readonly id: string;
  readonly name: string;
}

/** What the platform shows of a PIN. `plain` names the symbol that has these digits; `other` is no PIN of this run. */
export type ReadBack =
  | { readonly kind: 'plain'; readonly pin: PinSymbol | 'other' }
  | { readonly kind: 'masked' | 'hashed' | 'withheld' };

export interface GrantView {
  readonly id: string;
  readonly name: string | null;
  readonly user: string | null;
  readonly lock: string;
  readonly pin: ReadBack;
  /** The effective window as echoed; null when the platform does not echo it. */
  readonly window: Window | null;
  readonly uses: number | null;
  /** How long it opens from its first use on; null: that ends nothing. Left out where the platform does not tell. */
  readonly lastsMs?: number | null;
  /** Whether its code is one for duress. Left out where the platform does not tell, or not us. */
  readonly duress?: boolean;
  /** What the platform wants to be so. */
  readonly wish: 'granted' | 'suspended' | 'revoked';
  /** Whether the lock has reported the wish to be done. `failed`: it will not be, and the lock is as before. */
  readonly sync: 'pending' | 'confirmed' | 'failed';
  /** Set outside our integration: at the lock, or by another. */
  readonly external: boolean;
}

export interface WebhookView {
  readonly id: string;
  /** `pending`: its owner has not yet proven that he wants it. */
  readonly state: 'pending' | 'active' | 'off';
  /** The end of its URL: the name that it was added under; null where it is none of ours. */
  readonly name: string | null;
  /** Whether the secret that deliveries are signed with was shown. */
  readonly showsSecret: boolean;
}

export interface Identity {
  readonly account: string;
  readonly integration: string;
  readonly scopes: readonly string[];
}

export interface Results {
  identify: Identity;
  listLocks: Page<LockView>;
  readLock: LockView;
  lock: OperationView;
  unlock: OperationView;
  setMode: OperationView;
  scheduleMode: OperationView;
  clearModes: OperationView;
  readOperation: OperationView;
  addUser: UserView;
  readUser: UserView;
  removeUser: null;
  renameUser: UserView;
  listUsers: Page<UserView>;
  createGrant: GrantView;
  readGrant: GrantView;
  revokeGrant: GrantView;
  changeGrant: GrantView;
  listGrants: Page<GrantView>;
  readEvents: Page<EventView>;
  refresh: null;
  replaceLock: LockView;
  installFirmware: OperationView;
  addWebhook: WebhookView;
  readWebhook: WebhookView;
  removeWebhook: null;
  listWebhooks: Page<WebhookView>;
  probe: null;
}
export type ResultOf<C extends Command> = Results[C['do']];
