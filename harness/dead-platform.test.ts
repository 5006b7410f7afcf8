import { describe, test } from 'vitest';
import type { HttpLink, HttpTrouble, TroubleName } from '../contract/link.ts';
import { realClock } from '../rig/clock.ts';
import { machines, requirements } from './catalogue.ts';
import { hunt, safely } from './hunt.ts';
import type { Ground } from './bench.ts';
import { ground } from './open.ts';
import { playAct } from './play.ts';
import type { Track } from './track.ts';
import { loadTarget } from './target.ts';

const noTrack: Track = { intend: () => 0, made: () => undefined, refused: () => undefined, removed: () => undefined };

async function twin(): Promise<Ground> {
  const loaded = loadTarget(`${import.meta.dirname}/../targets/reference-twin.yaml`, {});
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  return ground(loaded.target);
}

/** Nothing but this comes back from the way to the platform. */
function deadLink(trouble: TroubleName, unsent: boolean): HttpLink {
  const answer: HttpTrouble = { kind: 'trouble', trouble, unsent };
  return {
    ask: (_, signal) =>
      trouble === 'late'
        ? new Promise((resolve) => signal.addEventListener('abort', () => resolve(answer)))
        : Promise.resolve(answer),
    close: async () => undefined,
  };
}

/** What every requirement of the catalogue says of a platform that nobody reaches: `ID verdict` for all that say anything of it. */
async function said(trouble: TroubleName, unsent: boolean): Promise<readonly string[]> {
  const place = await twin();
  const between = (): HttpLink => deadLink(trouble, unsent);
  const base = { between, apiOnly: true, track: noTrack, maxWaitMs: 0 };
  const all = await requirements();
  const verdicts: string[] = [];
  const note = (id: string, kind: string, why: string): void => {
    if (/^pass|^fail/.test(kind)) verdicts.push(`${id} ${kind} ${why}`);
  };
  for (const requirement of all.filter(({ feed }) => 'act' in feed)) {
    const { trace } = await playAct(place, requirement, { ...base, seed: 1, startMs: null });
    const verdict = safely(requirement, trace);
    note(requirement.id, verdict.kind, 'why' in verdict ? verdict.why : '');
  }
  const clock = realClock();
  for (const machine of await machines()) {
    const judges = all.filter(({ feed }) => 'machine' in feed && feed.machine === machine.name);
    const limits = { budgetCommands: 10_000, budgetMs: 60_000, nowMs: () => clock.nowMs() };
    const { verdicts: found, runs } = await hunt(place, machine, judges, { ...base, ...limits, seed: 1 });
    if (runs > 2) verdicts.push(`${machine.name} went on for ${runs} runs`);
    for (const [id, verdict] of found) note(id, verdict.kind, 'why' in verdict ? verdict.why : '');
  }
  return verdicts;
}

describe('a platform that nobody reaches', () => {
  test('nothing was sent: no requirement passes and none fails', async ({ expect }) => {
    expect(await said('refused', true)).toEqual([]);
  });
  for (const trouble of ['late', 'truncated'] as const)
    test(`${trouble}: no requirement passes`, async ({ expect }) => {
      expect((await said(trouble, false)).filter((text) => text.includes(' pass'))).toEqual([]);
    });
});
