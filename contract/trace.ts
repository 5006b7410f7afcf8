import type { Declaration } from './declaration.ts';
import type { EventView } from './event.ts';
import type { ProtocolFeature } from './feature.ts';
import type { Answer } from './answer.ts';
import type { Actor, Command } from './command.ts';
import type { Results } from './view.ts';
import type { Motion, PlantAct, Sight } from './plant.ts';
import type { BenchKind, Means, Observation } from './vendor.ts';
import type { Weather } from './weather.ts';
import type { Delivery, WireAct, WireSight } from './wire.ts';

/** One thing done to the target. */
export type PlainStep =
  | { readonly step: 'ask'; readonly as: Actor; readonly command: Command }
  | { readonly step: 'hand'; readonly act: PlantAct }
  | { readonly step: 'weather'; readonly weather: Weather }
  | { readonly step: 'wire'; readonly act: WireAct }
  /** Let time go by. */
  | { readonly step: 'pass'; readonly ms: number }
  /** Go to an instant relative to the start of the run; nothing if it is past. */
  | { readonly step: 'until'; readonly ms: number }
  /** Read the event feed to its end: on from the last read, or again from where it stood when the run began. */
  | { readonly step: 'feed'; readonly as: Actor; readonly from: 'last' | 'start' }
  /** Ask for a grant until it is no longer pending, or for the newest operation until it has ended. */
  | {
      readonly step: 'await';
      readonly as: Actor;
      readonly what: 'operation' | { readonly grant: string };
      readonly limitMs: number;
    }
  /** Weather ends; wait the declared settle time. */
  | { readonly step: 'settle' };

/** Steps are data: a counterexample is a list of them and replays on any bench. `together`: short concurrent branches. */
export type Step = PlainStep | { readonly step: 'together'; readonly branches: readonly (readonly PlainStep[])[] };

/** The opening of a trace: all that a judge may use beside the entries. */
export interface Header {
  readonly schema: 1;
  readonly target: string;
  readonly vendor: string;
  readonly bench: BenchKind;
  readonly declaration: Declaration;
  readonly seed: number;
  /** Epoch ms of the first entry. */
  readonly startMs: number;
  readonly observations: readonly Observation[];
  /** Those that no sensor made: the lock's own answers to commands. Left out: none. */
  readonly told?: readonly Observation[];
  /** What the protocols of the bench have no words for. */
  readonly lacks?: readonly ProtocolFeature[];
  readonly means: readonly Means[];
  /** Who made the steps: a requirement's own act, or a machine. */
  readonly source: string;
}

/** `atMs` is epoch ms on the bench's clock. */
export type Entry = { readonly atMs: number } &
  /** `call` numbers the call; its answer carries the same number. */
  (
    | { readonly kind: 'asked'; readonly call: number; readonly as: Actor; readonly command: Command }
    | { readonly kind: 'answered'; readonly call: number; readonly answer: Answer<Results[keyof Results]> }
    /** An event as read from the feed; `from` tells which reading it belongs to. */
    | { readonly kind: 'heard'; readonly as: Actor; readonly event: EventView; readonly secretsSeen: readonly string[] }
    /** The feed was read to its end at this moment. */
    | {
        readonly kind: 'feed-end';
        readonly as: Actor;
        readonly from: 'last' | 'start';
        readonly complete: boolean;
      }
    /** `fromMs` is when the hand began; the entry's own time is when all had come to rest. */
    | { readonly kind: 'acted'; readonly fromMs: number; readonly act: PlantAct; readonly sight: Sight }
    | { readonly kind: 'wired'; readonly fromMs: number; readonly act: WireAct; readonly sight: WireSight }
    /** A webhook's delivery to our receiver. */
    | { readonly kind: 'delivered'; readonly delivery: Delivery }
    | { readonly kind: 'moved'; readonly motion: Motion }
    | { readonly kind: 'weather'; readonly weather: Weather }
    | { readonly kind: 'passed'; readonly ms: number }
    | { readonly kind: 'settled' }
    /** A step that could not be done here, and why. */
    | { readonly kind: 'skipped'; readonly step: Step; readonly why: string }
    /** The machine of the harness stood still for so long: what was due since was done and seen late. */
    | { readonly kind: 'stalled'; readonly ms: number }
    /** The rig itself failed: everything after it is doubtful. */
    | { readonly kind: 'trouble'; readonly what: string }
  );

export interface Trace {
  readonly header: Header;
  readonly entries: readonly Entry[];
}

export type Verdict =
  | { readonly kind: 'pass'; readonly witnessed: number }
  | { readonly kind: 'pass-with-observation'; readonly witnessed: number; readonly missed: string }
  | {
      readonly kind: 'fail';
      readonly why: string;
      readonly expected: string;
      readonly atEntry: number;
      readonly witnessed: number;
    }
  | { readonly kind: 'inconclusive'; readonly why: string }
  | { readonly kind: 'not-applicable'; readonly lacking: string; readonly because: string }
  | { readonly kind: 'not-testable'; readonly missing: string };
export type VerdictKind = Verdict['kind'];

/** What a judge found in one trace: how often the premise occurred, and each contradiction. */
export interface Finding {
  readonly atEntry: number;
  readonly why: string;
  readonly expected: string;
}

/**
 * The only way to make a pass. Zero can never pass: without a witness it is inconclusive.
 * The earliest finding counts.
 */
export function conclude(witnessed: number, findings: readonly Finding[], idle = 'the premise never occurred'): Verdict {
  const first = findings.toSorted((a, b) => a.atEntry - b.atEntry)[0];
  if (first) return { kind: 'fail', ...first, witnessed: Math.max(1, witnessed) };
  return witnessed > 0 ? { kind: 'pass', witnessed } : { kind: 'inconclusive', why: idle };
}

/** The same for a SHOULD: what was missed is an observation, not a failure. */
export function concludeShould(witnessed: number, findings: readonly Finding[], idle?: string): Verdict {
  const verdict = conclude(witnessed, findings, idle);
  return verdict.kind === 'fail' ? { kind: 'pass-with-observation', witnessed: verdict.witnessed, missed: verdict.why } : verdict;
}

/** Joins what several runs say of one requirement: fail beats all, a run without the premise adds nothing, witnesses add up. */
export function joinRuns(verdicts: readonly Verdict[]): Verdict {
  const order: readonly VerdictKind[] = [
    'fail',
    'not-testable',
    'pass-with-observation',
    'pass',
    'inconclusive',
    'not-applicable',
  ];
  const worst = verdicts.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))[0];
  if (!worst) return { kind: 'inconclusive', why: 'nothing was run' };
  if (!('witnessed' in worst)) return worst;
  const witnessed = verdicts.reduce((sum, v) => sum + ('witnessed' in v ? v.witnessed : 0), 0);
  return { ...worst, witnessed };
}
