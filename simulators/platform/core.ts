import type { Declaration } from '../../contract/declaration.ts';
import type { EventVerb } from '../../contract/event.ts';
import type { World } from '../../contract/world.ts';
import type { Decide } from '../decisions.ts';
import type { EventDraft, EventRecord } from './records.ts';
import type { Store } from './store.ts';

/** What every part of the platform stands on. */
export interface Core {
  readonly world: World;
  readonly declaration: Declaration;
  readonly decide: Decide;
  readonly store: Store;
  /** Puts an event into an account's feed and hands it to the webhooks. */
  tell(account: string, draft: EventDraft): EventRecord | null;
  /** There is work for a lock, or something new to hear from it. */
  wake(lock: string): void;
}

/** An event of the platform itself, with what is not said set to null. */
export const act = (verb: EventVerb, more: Partial<EventDraft> = {}): EventDraft => ({
  verb,
  rawType: verb,
  lock: null,
  user: null,
  grant: null,
  integration: null,
  method: null,
  deviceMs: null,
  confirmed: null,
  about: null,
  gap: null,
  ...more,
});
