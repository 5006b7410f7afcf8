import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { needsSockets } from './applicable.ts';
import { requirements } from './catalogue.ts';
import { ground } from './open.ts';
import { prove } from './self-proof.ts';
import { loadTarget } from './target.ts';

const minuteMs = 60_000;

test('the honest world fails nothing, and every requirement has a witness', { timeout: 5 * minuteMs }, async () => {
  const loaded = loadTarget(fileURLToPath(new URL('../targets/reference-twin.yaml', import.meta.url)), {});
  if (loaded.kind !== 'ok') throw new Error('the twin target does not load');
  const place = await ground(loaded.target);
  const proof = await prove(place, { seed: 7, faults: [], apiOnly: false, budgetCommands: 1_500 });
  const wrong = [...proof.verdicts].filter(([, verdict]) => verdict.kind !== 'pass');
  expect(wrong).toEqual([]);
  const here = (await requirements()).filter((requirement) => !needsSockets(requirement));
  expect([...proof.verdicts.keys()].toSorted()).toEqual(here.map(({ id }) => id).toSorted());
  expect(proof.commands).toBeGreaterThan(5_000);
});
