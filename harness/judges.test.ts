import { describe, expect, test } from 'vitest';
import type { Trace } from '../contract/trace.ts';
import { declared, startMs, traceOf } from '../oracle/trace.fixture.ts';
import { requirements } from './catalogue.ts';

const empty: Trace = { header: { ...traceOf().trace().header, declaration: declared, startMs }, entries: [] };
const all = await requirements();

describe('no requirement passes where nothing happened', () => {
  test.each(all.map((requirement) => [requirement.id, requirement] as const))('%s', (_id, requirement) => {
    const verdict = requirement.judge(Object.freeze({ ...empty, entries: Object.freeze([]) }));
    expect(['inconclusive', 'not-applicable']).toContain(verdict.kind);
    expect(requirement.judge(empty)).toEqual(verdict);
  });
});

test('ids are unique, and stand in the folder of their area', () => {
  const ids = all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, area } of all) expect(id.toLowerCase().startsWith(area)).toBe(true);
});
