import type { Machine } from '../contract/machine.ts';
import type { Requirement } from '../contract/requirement.ts';
import type { Header, Step, Trace } from '../contract/trace.ts';
import type { Means, Observation } from '../contract/vendor.ts';
import { seededRandom } from '../simulators/random.ts';
import { lacksOf } from './applicable.ts';
import type { Drawn } from './draws.ts';
import type { Ground, Opened, OpenOptions } from './bench.ts';
import { redacted } from './redaction.ts';
import { FollowedScene } from './scene.ts';
import { shifted } from './shift.ts';
import { undo } from './undo.ts';
import { RecordingStage } from './stage.ts';
import type { Track } from './track.ts';

export interface PlayOptions extends OpenOptions {
  readonly track: Track;
  readonly maxWaitMs: number;
  /** Aborted: nothing more is done, waits end, and what was recorded is no evidence. */
  readonly signal?: AbortSignal;
  /** Told, in a sentence each, what of a run could not be undone at the lock. */
  readonly left?: (what: string) => void;
  /** True ends a machine's run early: no further command is drawn. */
  readonly over?: () => boolean;
}

export interface Played {
  readonly trace: Trace;
  readonly steps: readonly Step[];
  readonly commands: number;
}

/** What a bench can do and see; a requirement that needs more is not testable there. */
export function abilitiesOf({ bench, api }: Opened): {
  means: readonly Means[];
  observations: readonly Observation[];
  told?: readonly Observation[];
} {
  const means: Means[] = [
    ...[...api.actors].map((actor): Means => `actor:${actor}`),
    ...[...bench.weather.can].map((place): Means => `weather:${place}`),
    ...[...bench.plant.can].map((act): Means => `hand:${act}`),
    ...[...bench.wires.can].map((place): Means => `wire:${place}`),
    ...(bench.travel ? (['travel'] as const) : []),
    ...(bench.fresh ? (['fresh'] as const) : []),
  ];
  const told = [...(bench.plant.told ?? [])];
  return { means, observations: [...bench.plant.sees], ...(told.length > 0 && { told }) };
}

/** A requirement's own act, from start to end, on a bench of its own. */
export const playAct = (place: Ground, requirement: Requirement, options: PlayOptions): Promise<Played> =>
  play(place, requirement.id, options, async (stage) => {
    if ('act' in requirement.feed) await requirement.feed.act(stage);
  });

/** Steps as data, and when the run started from which they come, epoch ms: what lies in time moves with this run's start. */
export interface Recorded {
  readonly steps: readonly Step[];
  readonly startMs: number;
  /** A pause after each step, ms. */
  readonly paceMs?: number;
}

/** A replay, or a candidate of the shrinker. */
export const playSteps = (place: Ground, source: string, recorded: Recorded, options: PlayOptions): Promise<Played> =>
  play(place, source, options, async (stage) => {
    for (const step of recorded.steps) {
      if (options.signal?.aborted) return;
      await stage.run(shifted(step, stage.startMs - recorded.startMs));
      if (recorded.paceMs) await stage.pass(recorded.paceMs);
    }
  });

/** One run of a machine: opening, drawn kinds, closing. Draws that make no sense at their moment are passed over. */
export function playMachine(place: Ground, machine: Machine, drawn: readonly Drawn[], options: PlayOptions): Promise<Played> {
  const { declaration } = place.target;
  return play(place, machine.name, options, async (stage) => {
    const scene = new FollowedScene(declaration, stage.startMs);
    const look = () => scene.at(stage.nowMs(), stage.trace().entries);
    const run = async (steps: readonly Step[]): Promise<void> => {
      for (const step of doable(steps, stage.means)) await stage.run(step);
    };
    await run(machine.opening(declaration));
    for (const { kind, choices } of drawn) {
      if (options.signal?.aborted || options.over?.()) break;
      let next = 0;
      const steps = machine.kinds
        .find((one) => one.name === kind)
        ?.steps(look(), (limit) => (choices[next++ % choices.length] ?? 0) % limit);
      await run(steps ?? []);
    }
    await run(machine.closing(look()));
  });
}

/** What of a fragment can be done here. Where its hands or its weather are missing, its waits lead to nothing. */
function doable(steps: readonly Step[], means: readonly Means[]): readonly Step[] {
  const isHere = (step: Step): boolean =>
    step.step === 'hand'
      ? means.includes(`hand:${step.act.act}`)
      : step.step === 'wire'
        ? means.includes(`wire:${step.act.on}`)
        : step.step !== 'weather' || means.includes(`weather:${step.weather.on}`);
  return steps.every(isHere) ? steps : steps.filter((step) => isHere(step) && step.step !== 'pass');
}

async function play(
  place: Ground,
  source: string,
  options: PlayOptions,
  main: (stage: RecordingStage) => Promise<void>,
): Promise<Played> {
  const opened = await place.open(options);
  const { bench, api } = opened;
  const lacks = [...lacksOf(opened).keys()];
  const header: Header = {
    schema: 1,
    target: place.target.name,
    vendor: place.vendor.id,
    bench: bench.kind,
    declaration: place.target.declaration,
    seed: options.seed,
    startMs: bench.world.clock.nowMs(),
    ...abilitiesOf(opened),
    ...(lacks.length > 0 && { lacks }),
    source,
  };
  const random = seededRandom(options.seed).split(source);
  const { track, maxWaitMs, signal = null } = options;
  const stage = new RecordingStage({ bench, api, header, random, track, feedEnd: opened.feedEnd, maxWaitMs, signal });
  try {
    await opened.drive(() => main(stage));
  } finally {
    stage.close();
    const left = place.fresh ? [] : await opened.drive(() => undo(bench, api, stage.trace(), { track, maxWaitMs }));
    for (const what of left) options.left?.(what);
    await opened.drive(() => bench.close());
  }
  return { trace: redacted(stage.trace(), opened.secrets), steps: stage.steps(), commands: stage.executed() };
}
