import { expect, test } from 'vitest';
import { needsSockets } from './applicable.ts';
import { requirements } from './catalogue.ts';
import { prove, worldOf } from './self-proof.ts';

const minuteMs = 60_000;

test('the honest world fails nothing, and every requirement has a witness', { timeout: 5 * minuteMs }, async () => {
  const options = { seed: 7, faults: [], apiOnly: false, budgetCommands: 1_500 };
  const proofs = [await prove(await worldOf('platform'), options), await prove(await worldOf('reader'), options)];
  const verdicts = proofs.flatMap((proof) => [...proof.verdicts]);
  expect(verdicts.filter(([, verdict]) => verdict.kind !== 'pass')).toEqual([]);
  const here = (await requirements()).filter((requirement) => !needsSockets(requirement));
  expect([...new Set(verdicts.map(([id]) => id))].toSorted()).toEqual(here.map(({ id }) => id).toSorted());
  expect(proofs.reduce((sum, { commands }) => sum + commands, 0)).toBeGreaterThan(5_000);
});
