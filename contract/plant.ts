import type { PinSymbol } from './grant.ts';

/**
 * What a hand or a fixture can do at the lock: a closed union, so that acts are data and replay anywhere.
 * The thumb-turn and the inside handle are hands; `enrol` and `erase` are administration at the lock itself.
 */
export type PlantAct =
  | { readonly act: 'present'; readonly pin: PinSymbol }
  /** Holds a card to the reader whose number has the digits of that symbol. */
  | { readonly act: 'card'; readonly pin: PinSymbol }
  | { readonly act: 'turn'; readonly to: 'locked' | 'unlocked' }
  | { readonly act: 'door'; readonly to: 'open' | 'closed' }
  | { readonly act: 'block'; readonly on: boolean }
  | { readonly act: 'power'; readonly on: boolean }
  | { readonly act: 'shade'; readonly on: boolean }
  | { readonly act: 'stepClock'; readonly byMs: number }
  | { readonly act: 'battery'; readonly percent: number }
  | { readonly act: 'enrol'; readonly pin: PinSymbol }
  | { readonly act: 'erase'; readonly pin: PinSymbol };
export type PlantActName = PlantAct['act'];

/** The same with digits for codes: what a fixture that knows no symbols does. Never stored. */
export type FixtureAct =
  | Exclude<PlantAct, { act: 'present' | 'card' | 'enrol' | 'erase' }>
  | { readonly act: 'present' | 'card' | 'enrol' | 'erase'; readonly digits: string };

/** What the fixture's sensors see right after an act has come to rest. */
export interface Sight {
  readonly bolt: 'locked' | 'unlocked' | 'between' | null;
  readonly door: 'open' | 'closed' | null;
  /** The keypad's own signal to a presentation; null where it gives none or nobody looks. */
  readonly keypad: 'accepted' | 'denied' | 'locked-out' | 'dead' | null;
  /** A presentation moved the bolt to unlocked, or found it unlocked and was accepted. */
  readonly opened: boolean | null;
}

/**
 * What came of an act. `when` is the bench's time in which it was done, from when it can have begun to when it was over,
 * where the fixture knows that better than by the wait for its answer: a person is asked what he saw long after the act.
 */
export interface Deed extends Sight {
  readonly when?: { readonly fromMs: number; readonly atMs: number };
}

/** One sensor reading that changed by itself, with the bench's time. */
export interface Motion {
  readonly atMs: number;
  readonly bolt: 'locked' | 'unlocked' | 'between';
}

/** The fixture itself failed: nobody knows what was done at the lock. */
export interface FixtureTrouble {
  /** In one sentence, without a code. */
  readonly trouble: string;
}

/** A plant that works with digits: a board at the door, a simulated hand, a person. */
export interface Fixture {
  readonly can: ReadonlySet<PlantActName>;
  readonly sees: ReadonlySet<'bolt' | 'door' | 'keypad'>;
  /** What of it no sensor sees: it is what the lock itself answers to a command. Left out: nothing. */
  readonly told?: ReadonlySet<'bolt' | 'door' | 'keypad'>;
  act(act: FixtureAct): Promise<Deed | FixtureTrouble>;
  /** What the sensors see now, nothing done. */
  look(): Promise<Sight | FixtureTrouble>;
  watch(heard: (motion: Motion) => void): () => void;
  /** Resolves when all that the sensors saw until now has been told to those who watch. Left out where it is told at once. */
  caughtUp?(): Promise<void>;
  /**
   * Moves the time of platform, lock and all between them on by so many ms, and the fixture's own clock with it: what is due
   * on the way is done. Left out where only waiting helps.
   */
  travel?(byMs: number): Promise<FixtureTrouble | null>;
}

/** A fixture that cannot fail: a simulated hand. */
export interface SureFixture extends Fixture {
  act(act: FixtureAct): Promise<Sight>;
  look(): Promise<Sight>;
}

/** The back channel: hands and sensors. Never a requirement's subject. */
export interface Plant {
  readonly can: ReadonlySet<PlantActName>;
  /** What the sensors can see. Empty: nobody observes the lock. */
  readonly sees: ReadonlySet<'bolt' | 'door' | 'keypad'>;
  /** As of a `Fixture`. */
  readonly told?: ReadonlySet<'bolt' | 'door' | 'keypad'>;
  act(act: PlantAct): Promise<Deed | FixtureTrouble>;
  /** Calls back on every change of the bolt sensor; returns the way to stop. */
  watch(heard: (motion: Motion) => void): () => void;
  caughtUp?(): Promise<void>;
}
