import { join } from 'node:path';
import { test } from 'vitest';
import type { Mode } from '../contract/mode.ts';
import { strangeMode } from './as-found.ts';
import type { Ground } from './bench.ts';
import { certify } from './certify.ts';
import { ground } from './open.ts';
import { loadTarget } from './target.ts';

/** The simulated lock, as if it outlived its runs, whose mode is read as given; `acts` tells what was done as asked. */
async function lockIn(mode: Mode | null): Promise<{ place: Ground; acts: () => readonly string[] }> {
  const loaded = loadTarget(join(import.meta.dirname, '../targets/reference-twin.yaml'), {});
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  const made = await ground(loaded.target);
  const acts: string[] = [];
  const place: Ground = {
    ...made,
    fresh: false,
    async open(options) {
      const opened = await made.open(options);
      const { perform } = opened.api;
      const api: typeof opened.api = {
        ...opened.api,
        async perform(actor, command) {
          const answer = await perform(actor, command);
          if (answer.kind === 'ok') acts.push(command.do);
          if (command.do !== 'readLock' || answer.kind !== 'ok') return answer;
          return { ...answer, value: { ...answer.value, mode } };
        },
      };
      return { ...opened, api };
    },
  };
  return { place, acts: () => acts };
}

const isSaid = /^the lock( \S+)? is in the mode vacation: set it to normal and run again$/;

test('a lock that somebody set to a mode is told, with what to do; others are as they should be', async ({ expect }) => {
  const said = async (mode: Mode | null) => strangeMode((await lockIn(mode)).place, 1);
  expect(await said('vacation')).toMatch(isSaid);
  expect([await said('normal'), await said(null)]).toEqual([null, null]);
  const { place } = await lockIn('vacation');
  expect(await strangeMode({ ...place, fresh: true }, 1)).toBeNull();
});

test('nothing is judged at a lock in a mode of its own, nor moved there; what the platform says is', async ({ expect }) => {
  const { place, acts } = await lockIn('vacation');
  const { outcomes, troubles, certificate } = await certify({
    target: place.target,
    profile: 'quick',
    seed: 1,
    only: ['ERR-004', 'STATE-001', 'EVT-010', 'EVT-003', 'SCOPE-001'],
    onEvent: () => undefined,
    signal: new AbortController().signal,
    place,
  });
  expect(outcomes.map(({ id, verdict }) => [id, verdict?.kind])).toEqual([
    ['ERR-004', 'pass'],
    ['EVT-003', 'inconclusive'],
    ['EVT-010', 'inconclusive'],
    ['SCOPE-001', 'inconclusive'],
    ['STATE-001', 'inconclusive'],
  ]);
  expect(troubles.filter((text) => isSaid.test(text))).toHaveLength(1);
  expect(certificate.given).toBe(false);
  expect(acts()).toContain('listGrants');
  for (const name of ['lock', 'unlock', 'setMode']) expect(acts()).not.toContain(name);
});
