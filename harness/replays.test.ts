import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { readTraceFile, type TraceFile } from '../contract/trace-schema.ts';
import { faults, machines, requirements } from './catalogue.ts';
import { drawRun } from './draws.ts';
import type { Disturbance } from './engine-face.ts';
import { engine } from './engine.ts';
import type { Ground } from './bench.ts';
import { ground } from './open.ts';
import { playAct, playMachine } from './play.ts';
import { test } from './run.fixture.ts';
import { seededRandom } from '../simulators/random.ts';
import type { Track } from './track.ts';
import { loadTarget, type Target } from './target.ts';

const noTrack: Track = { intend: () => 0, made: () => undefined, refused: () => undefined, removed: () => undefined };

function targetOf(bench: 'twin' | 'soft'): Target {
  const loaded = loadTarget(join(import.meta.dirname, `../targets/reference-${bench}.yaml`), {});
  if (loaded.kind !== 'ok') throw new Error(`the ${bench} target does not load`);
  return loaded.target;
}

describe('the same seed on the twin gives the same trace to the byte', () => {
  const base = { track: noTrack, maxWaitMs: 0 };
  const twice = async (make: (place: Ground) => Promise<unknown>): Promise<readonly string[]> => {
    const [one, other] = [await ground(targetOf('twin')), await ground(targetOf('twin'))];
    return [JSON.stringify(await make(one)), JSON.stringify(await make(other))];
  };

  test('for every machine', async ({ expect }) => {
    for (const machine of await machines()) {
      for (const seed of [1, 2]) {
        const [first = '', second] = await twice(async (place) => {
          const random = seededRandom(seed);
          const startMs = machine.startMs((limit) => random.below(limit), place.target.declaration);
          const played = await playMachine(place, machine, drawRun(machine, random, seed), { ...base, seed, startMs });
          return [played.trace, played.steps];
        });
        expect(first.length).toBeGreaterThan(5_000);
        expect(second, machine.name).toBe(first);
      }
    }
  });

  test('for acts: calls at once, days that pass, hands and weather', async ({ expect }) => {
    const acts = ['AUTH-004', 'TIME-002', 'OFF-002', 'REV-007', 'STATE-006'];
    const chosen = (await requirements()).filter(({ id, feed }) => acts.includes(id) && 'act' in feed);
    expect(chosen.length).toBeGreaterThanOrEqual(3);
    for (const requirement of chosen) {
      const [first = '', second] = await twice(async (place) => {
        const played = await playAct(place, requirement, { ...base, seed: 7, startMs: null });
        return [played.trace, played.steps];
      });
      expect(first.length).toBeGreaterThan(5_000);
      expect(second, requirement.id).toBe(first);
    }
  });
});

describe('a counterexample found on the twin', () => {
  const { signal } = new AbortController();
  const replayed = (file: TraceFile, bench: 'twin' | 'soft', open: Disturbance) =>
    engine.replay({ file, target: targetOf(bench), open, onEvent: () => undefined, signal });

  for (const [faultName, id] of [
    ['clear-acknowledged-not-done', 'REV-001'],
    ['schedule-stored-not-enforced', 'TIME-001'],
    ['any-token-accepted', 'AUTH-001'],
    ['session-outlives-key', 'LINK-007'],
  ] as const)
    test(`${faultName}: fails again on the twin and on the soft bench, and without the fault on neither`, async ({
      expect,
      folder,
    }) => {
      const bad = (await faults()).filter(({ name }) => name === faultName);
      const open = { faults: bad };
      const run = { target: targetOf('twin'), profile: 'quick', seed: 1, only: [id], outDir: folder } as const;
      const { outcomes } = await engine.certify({ ...run, open, onEvent: () => undefined, signal });
      expect(outcomes[0]?.verdict?.kind).toBe('fail');
      const read = readTraceFile(JSON.parse(readFileSync(join(folder, `traces/${id}.json`), 'utf8')));
      if (!read.ok) throw new Error(read.problems.join('; '));
      for (const bench of ['twin', 'soft'] as const) {
        expect(await replayed(read.value, bench, open), bench).toMatchObject({ same: true, verdict: { kind: 'fail' } });
        const { verdict } = await replayed(read.value, bench, {});
        expect(['pass', 'inconclusive'], `${bench}: ${JSON.stringify(verdict)}`).toContain(verdict.kind);
      }
    });
});
