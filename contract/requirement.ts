import type { Ability, Declaration } from './declaration.ts';
import type { ProtocolFeature } from './feature.ts';
import type { Answer } from './answer.ts';
import type { Actor, Command, CommandName } from './command.ts';
import type { ResultOf } from './view.ts';
import type { PlantAct, Sight } from './plant.ts';
import type { PlainStep, Trace, Verdict } from './trace.ts';
import type { Means, Observation } from './vendor.ts';
import type { Weather } from './weather.ts';
import type { WireAct, WireSight } from './wire.ts';
import type { Random } from './world.ts';

export const areas = [
  'all',
  'auth',
  'scope',
  'tls',
  'prov',
  'time',
  'rev',
  'evt',
  'state',
  'idem',
  'rate',
  'err',
  'fw',
  'off',
  'mig',
  'multi',
  'link',
  'res',
] as const;
export type Area = (typeof areas)[number];

/** `handover`, an installer's visit to a door, joins when a hand at a real door can be the plant. */
export const profiles = ['quick', 'certification', 'nightly'] as const;
export type Profile = (typeof profiles)[number];

/** One thing that must hold, in two halves: what drives it, and a pure judge of traces. */
export interface Requirement {
  /** `REV-001`: given once, never reused, never positional. */
  readonly id: string;
  readonly area: Area;
  readonly level: 'must' | 'should';
  /** Certificate mark that it counts for: what the platform says, or what the lock does. */
  readonly mark: 'api' | 'device';
  /** What must hold, in one sentence. */
  readonly text: string;
  /** The clause it stands on. */
  readonly source: string;
  /** Declared lacking: not-applicable. */
  readonly abilities: readonly Ability[];
  /** Not expressible on this route: not-testable. */
  readonly commands: readonly CommandName[];
  /** Absent on this bench: not-testable. */
  readonly observations: readonly Observation[];
  readonly means: readonly Means[];
  /** One of these is enough; where all are absent: not-testable. */
  readonly eitherOf?: readonly Means[];
  /** Where the protocol has no words for these, it is not applicable. */
  readonly features?: readonly ProtocolFeature[];
  /** The longest wait in its act, ms. Where time cannot be moved and nobody has the patience for it: not-testable. */
  waitMs?(declaration: Declaration): number;
  /** Also run in these profiles beside certification and nightly. */
  readonly quick: boolean;
  /** Whether the bolt is moved or credentials beyond our own are at stake: needs consent. */
  readonly needsConsent: readonly ('mayMove' | 'mayWipe')[];
  readonly feed: { act(stage: Stage): Promise<void> } | { readonly machine: string };
  judge(trace: Trace): Verdict;
}

/**
 * Where an act stands. Every call is recorded; nothing throws for what the target does.
 * `door` is the lock; users and grants are named by the act (`u1`, `g1`).
 */
export interface Stage {
  readonly declaration: Declaration;
  /** What this bench can do besides asking: an act that could go either way chooses by it. */
  readonly means: readonly Means[];
  /** What no sensor sees here, because the lock itself tells it. */
  readonly told: readonly Observation[];
  readonly random: Random;
  /** Bench time, epoch ms. */
  nowMs(): number;
  readonly startMs: number;
  /** Undefined when a name in the command was never bound to an id: recorded as skipped. */
  ask<C extends Command>(as: Actor, command: C): Promise<Answer<ResultOf<C>> | undefined>;
  /** Undefined when the bench lacks the hand. */
  hand(act: PlantAct): Promise<Sight | undefined>;
  /** False when this bench cannot make that weather: what waits for it need not be done. */
  weather(weather: Weather): Promise<boolean>;
  /** Undefined when the bench lacks the wire. */
  wire(act: WireAct): Promise<WireSight | undefined>;
  /** Moves time where the bench can, waits where it cannot. */
  pass(ms: number): Promise<void>;
  /** Reads the event feed to its end: on from the last read, or again from where it stood when the run began. */
  feed(as: Actor, from?: 'last' | 'start'): Promise<void>;
  settle(): Promise<void>;
  /** Does short branches at once. */
  together(branches: readonly (readonly PlainStep[])[]): Promise<void>;
  /** Asks `readGrant` until sync is no longer pending or `limitMs` passed. */
  awaitGrant(as: Actor, grant: string, limitMs?: number): Promise<void>;
  /** Asks for the newest operation until it has ended or `limitMs` passed. */
  awaitOperation(as: Actor, limitMs?: number): Promise<void>;
}
