import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HttpLink } from '../contract/link.ts';
import type { Machine } from '../contract/machine.ts';
import type { Requirement } from '../contract/requirement.ts';
import type { Trace, Verdict } from '../contract/trace.ts';
import { realClock } from '../rig/clock.ts';
import { stallMs } from '../rig/stalls.ts';
import * as lock from '../suites/all/lock-kinds.ts';
import { requirements } from './catalogue.ts';
import { hunt } from './hunt.ts';
import { ground } from './open.ts';
import { loadTarget } from './target.ts';
import type { Track } from './track.ts';

const noTrack: Track = { intend: () => 0, made: () => undefined, refused: () => undefined, removed: () => undefined };
const passing: Verdict = { kind: 'pass', witnessed: 1 };
const failing: Verdict = { kind: 'fail', why: 'late', expected: 'in time', atEntry: 0, witnessed: 1 };

/** Makes this process stand still, as a machine does that has too much to do. */
const standStill = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * stallMs + 100);

const reading: Machine = {
  name: 'reading',
  startMs: () => null,
  opening: () => [],
  kinds: [lock.readFeed(1)],
  first: ['readFeed'],
  closing: () => [],
};

/** What is said of a judge by a hunt of a few runs: which of them this machine stands still in, and what is found in each. */
async function hunted(stands: (run: number) => boolean, finds: (run: number, trace: Trace) => Verdict) {
  const loaded = loadTarget(join(import.meta.dirname, '../targets/reference-soft.yaml'), {});
  const [any] = await requirements();
  if (loaded.kind !== 'ok' || !any) throw new Error('there is nothing to hunt');
  const place = await ground(loaded.target);
  let run = 0;
  const seeds: number[] = [];
  const between = (link: HttpLink): HttpLink => ({
    ...link,
    async ask(request, signal) {
      if (stands(run)) standStill();
      return link.ask(request, signal);
    },
  });
  const judge: Requirement = { ...any, judge: (trace) => finds(run, trace) };
  const clock = realClock();
  try {
    const { verdicts, runs } = await hunt(place, reading, [judge], {
      track: noTrack,
      maxWaitMs: 0,
      seed: 1,
      between,
      budgetCommands: 1_000,
      budgetMs: 60_000,
      nowMs: () => clock.nowMs(),
      heard: (_, { header }) => {
        seeds.push(header.seed);
        run += 1;
      },
      enough: () => run >= 5,
    });
    return { verdict: verdicts.get(judge.id), seeds, runs };
  } finally {
    await place.close();
  }
}

describe('what failed while this machine stood still', { timeout: 60_000 }, () => {
  test('fails in the same run made again, however often others pass', async () => {
    const { verdict, seeds } = await hunted(
      (run) => run === 0,
      (run) => (run < 3 ? failing : passing),
    );
    expect(verdict).toMatchObject({ kind: 'fail' });
    expect(seeds[1]).toBe(seeds[0]);
  });

  test('has passed when the same run passes', async () => {
    const { verdict, seeds } = await hunted(
      (run) => run === 0,
      (run) => (run === 0 ? failing : passing),
    );
    expect(verdict).toMatchObject({ kind: 'pass' });
    expect(new Set(seeds).size).toBe(4);
  });

  test('stays in doubt where this machine stands still every time, whatever passes later', async () => {
    const { verdict, seeds } = await hunted(
      (run) => run < 3,
      (run) => (run < 3 ? failing : passing),
    );
    expect(verdict).toMatchObject({ kind: 'inconclusive', why: expect.stringContaining('stood still') });
    expect(new Set(seeds.slice(0, 3)).size).toBe(1);
    expect(new Set(seeds).size).toBe(3);
  });
});
