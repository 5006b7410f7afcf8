/** The vocabulary of events, the same over all routes and vendors. */
export const eventVerbs = [
  'lock.locked',
  'lock.unlocked',
  'lock.jammed',
  'lock.denied',
  'lock.duress',
  'lock.lockout',
  'lock.lockout-ended',
  'lock.offline',
  'lock.online',
  'lock.battery-low',
  'lock.battery-ok',
  'lock.clock-changed',
  'lock.firmware-changed',
  'lock.replaced',
  'lock.restarted',
  'lock.mode',
  'door.opened',
  'door.closed',
  'grant.created',
  'grant.set',
  'grant.changed',
  'grant.suspended',
  'grant.resumed',
  'grant.revoking',
  'grant.revoked',
  'grant.failed',
  'grant.spent',
  'code.added-outside',
  'code.removed-outside',
  'user.added',
  'user.changed',
  'user.removed',
  'integration.removed',
  'token.rotated',
  'webhook.added',
  'webhook.removed',
  'log.gap',
  'detail',
  'unknown',
] as const;
export type EventVerb = (typeof eventVerbs)[number];

/** How an act was done. `auto` is the lock itself (auto-relock), `hand` the thumb-turn or inside handle. */
export type Method = 'pin' | 'remote' | 'hand' | 'auto' | 'keypad-admin' | 'unknown';

export interface EventView {
  readonly id: string;
  readonly verb: EventVerb;
  /** The platform's own word; what is not known here keeps it and has verb `unknown`. */
  readonly rawType: string;
  readonly lock: string | null;
  readonly user: string | null;
  readonly grant: string | null;
  readonly integration: string | null;
  readonly method: Method | null;
  /** When it happened by the lock's clock, epoch ms; null for acts of the platform. */
  readonly deviceMs: number | null;
  /** When the platform recorded it, epoch ms. */
  readonly platformMs: number;
  /** True: reported by the lock. False: assumed by the platform. Null: not said. */
  readonly confirmed: boolean | null;
  /** An event that this one adds detail to. */
  readonly about: string | null;
  /** Only `log.gap`: bounds of what was lost, epoch ms. */
  readonly gap: { readonly fromMs: number; readonly toMs: number } | null;
}
