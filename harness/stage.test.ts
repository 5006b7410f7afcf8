import { describe, test } from 'vitest';
import { type Ask, personFixture } from '../fixture/person.ts';
import type { LockApi } from '../contract/lock.ts';
import type { Entry } from '../contract/trace.ts';
import type { Bench } from '../contract/vendor.ts';
import { startMs, traceOf } from '../oracle/trace.fixture.ts';
import { virtualClock } from '../simulators/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { handOf } from './hand.ts';
import { RecordingStage } from './stage.ts';
import { weatherOf } from './weather.ts';
import { noWires } from './wires.ts';

const secrets = {
  digits: () => '048213',
  symbolOf: () => 'other' as const,
  seenIn: () => [],
  redact: (text: string) => text,
  keep: () => undefined,
};
/** Answers nothing, at once. */
const api: LockApi = {
  actors: new Set(['owner'] as const),
  commands: new Set(['identify'] as const),
  perform: async () => ({
    kind: 'lost',
    trouble: 'cut',
    facts: { tookMs: 0, tries: 1, status: null, secretsSeen: [], wireFaults: [], rate: null },
  }),
};

/** A person does a thing in 5 s, and takes 40 s for every question after it. */
function bench() {
  const { clock, run } = virtualClock({ startMs, limitMs: 3_600_000 });
  const ask: Ask = async ({ keys }) => {
    const shownMs = clock.nowMs();
    await clock.sleep('d' in keys ? 5_000 : 40_000);
    return { key: 'd' in keys ? 'd' : '?', shownMs, pressedMs: clock.nowMs() };
  };
  const fixture = personFixture(ask);
  const random = seededRandom(1);
  const made: Bench = {
    kind: 'twin',
    world: { clock, random },
    links: {},
    access: {},
    plant: handOf(fixture, secrets),
    wires: noWires,
    weather: weatherOf(null, fixture, () => undefined),
    travel: null,
    locks: [],
    fresh: true,
    close: async () => undefined,
  };
  const stage = new RecordingStage({
    bench: made,
    api,
    header: traceOf().trace().header,
    random,
    track: { intend: () => 0, made: () => undefined, refused: () => undefined, removed: () => undefined },
    feedEnd: { cursor: null },
    maxWaitMs: 3_600_000,
    signal: null,
  });
  return { stage, run };
}
const when = (entries: readonly Entry[]) =>
  entries.map((entry) => [entry.kind, ...('fromMs' in entry ? [entry.fromMs - startMs] : []), entry.atMs - startMs]);

describe('a stage with a person at the door', () => {
  test('an act has the time of its key, and stands before what others did while he still answered', async ({ expect }) => {
    const { stage, run } = bench();
    await run(() =>
      stage.together([
        [{ step: 'hand', act: { act: 'present', pin: 'plain1' } }],
        [
          { step: 'pass', ms: 20_000 },
          { step: 'ask', as: 'owner', command: { do: 'identify' } },
        ],
      ]),
    );
    const { entries } = stage.trace();
    expect(when(entries)).toEqual([
      ['acted', 0, 5_000],
      ['passed', 20_000],
      ['asked', 20_000],
      ['answered', 20_000],
    ]);
    // Nothing but the sight is kept of what the fixture told.
    expect(entries[0]).toMatchObject({ sight: { bolt: null, door: null, keypad: null, opened: null } });
    expect(JSON.stringify(entries[0])).not.toContain('when');
  });

  test('the way to the lock is cut when he had shaded its radio, not when he was asked to', async ({ expect }) => {
    const { stage, run } = bench();
    await run(() => stage.weather({ on: 'lock', happens: 'cut' }));
    expect(when(stage.trace().entries)).toEqual([['weather', 5_000]]);
  });
});
