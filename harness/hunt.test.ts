import { expect, test } from 'vitest';
import { traceOf } from '../oracle/trace.fixture.ts';
import type { Entry, Verdict } from '../contract/trace.ts';
import { requirements } from './catalogue.ts';
import { safely } from './hunt.ts';

const failing: Verdict = { kind: 'fail', why: 'late', expected: 'in time', atEntry: 1, witnessed: 1 };
const passing: Verdict = { kind: 'pass', witnessed: 1 };

/** What is said of a trace with this entry at its end, by a judge that says the same of every trace. */
async function said(entry: Omit<Entry, 'atMs'>, verdict: Verdict): Promise<Verdict> {
  const [any] = await requirements();
  if (!any) throw new Error('the catalogue is empty');
  const { header, entries } = traceOf().trace();
  return safely({ ...any, judge: () => verdict }, { header, entries: [...entries, { ...entry, atMs: header.startMs } as Entry] });
}

test('where the machine of the harness stood still, nothing fails, and what passed has passed', async () => {
  const stall = { kind: 'stalled', ms: 900 } as const;
  expect(await said(stall, failing)).toEqual({
    kind: 'inconclusive',
    why: 'this machine stood still for 900 ms, and what failed may be its doing',
  });
  expect(await said(stall, passing)).toEqual(passing);
});

test('where the rig failed, nothing passes, and what failed later is in doubt', async () => {
  const trouble = { kind: 'trouble', what: 'the relay did not move' } as const;
  expect(await said(trouble, passing)).toEqual({ kind: 'inconclusive', why: 'the relay did not move' });
  expect(await said(trouble, failing)).toEqual({ kind: 'inconclusive', why: 'the relay did not move' });
});
