import { expect, test } from 'vitest';
import { readResults, writeResults } from './json.ts';
import { sampleResults } from './sample.ts';

test('results read back as they were written', () => {
  expect(readResults(writeResults(sampleResults()))).toEqual({ ok: true, value: sampleResults() });
});

test('the order in which keys were set does not show', () => {
  const results = sampleResults();
  const turned = Object.fromEntries(Object.entries(results).toReversed()) as typeof results;
  expect(writeResults({ ...turned, target: { ...results.target, name: results.target.name } })).toBe(writeResults(results));
});

test.for([
  ['no JSON', '{'],
  ['another schema', writeResults({ ...sampleResults(), schema: 2 as never })],
  ['a pass without a witness', writeResults(sampleResults()).replace('"witnessed": 96', '"witnessed": 0')],
  ['an id that could leave its attribute', writeResults(sampleResults()).replace('"id": "REV-001"', '"id": "REV-001\\">"')],
] as const)('%s is refused', ([, text]) => {
  const read = readResults(text);
  expect(read).toMatchObject({ ok: false });
  expect(read.ok ? [] : read.problems).not.toEqual([]);
});
