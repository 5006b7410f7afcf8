import { has } from './declaration.ts';
import { describe, expect, test } from 'vitest';
import { jamReportedLocked, revokedOpens, secondGrant } from '../reports/sample-traces.ts';
import type { z } from 'zod';
import type { Answer } from './answer.ts';
import type { Command } from './command.ts';
import type { Results } from './view.ts';
import type { PlantAct } from './plant.ts';
import type { verdictSchema } from './results.ts';
import {
  type entrySchema,
  type headerSchema,
  type plantActSchema,
  readAs,
  readTraceFile,
  type stepSchema,
  traceSchema,
  type weatherSchema,
} from './trace-schema.ts';
import type { answerSchema, commandSchema } from './trace-values.ts';
import type { Entry, Header, Step, Verdict } from './trace.ts';
import type { Weather } from './weather.ts';

/** True when two types may each stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Plain<T> = Exclude<T, { step: 'together' }>;
type Told<T> = Exclude<T, { kind: 'skipped' }>;

/** Fails to compile when what is stored is not what the contract's types say; only nesting of branches is stored less freely. */
const match: readonly [
  Same<z.infer<typeof commandSchema>, Command>,
  Same<z.infer<typeof answerSchema>, Answer<Results[keyof Results]>>,
  Same<Plain<z.infer<typeof stepSchema>>, Plain<Step>>,
  z.infer<typeof stepSchema> extends Step ? true : false,
  Same<z.infer<typeof headerSchema>, Header>,
  Same<Told<z.infer<typeof entrySchema>>, Told<Entry>>,
  z.infer<typeof entrySchema> extends Entry ? true : false,
  Same<z.infer<typeof plantActSchema>, PlantAct>,
  Same<z.infer<typeof weatherSchema>, Weather>,
  Same<z.infer<typeof verdictSchema>, Verdict>,
] = [true, true, true, true, true, true, true, true, true, true];

const stored = (): Record<string, unknown> => {
  const trace = revokedOpens();
  return {
    schema: 1,
    requirement: 'REV-001',
    header: trace.header,
    steps: [
      { step: 'ask', as: 'owner', command: { do: 'revokeGrant', grant: 'g1' } },
      { step: 'together', branches: [[{ step: 'pass', ms: 5 }], [{ step: 'settle' }]] },
      { step: 'await', as: 'owner', what: { grant: 'g1' }, limitMs: 100 },
    ],
    entries: trace.entries,
    verdict: { kind: 'fail', why: 'w', expected: 'e', atEntry: 12, witnessed: 1 },
  };
};
const problems = (change: Record<string, unknown>): readonly string[] => {
  const read = readTraceFile(JSON.parse(JSON.stringify({ ...stored(), ...change })));
  return read.ok ? [] : read.problems;
};

describe('a stored counterexample', () => {
  test('has the shape that the types of the contract say', () => {
    expect(new Set(match)).toEqual(new Set([true]));
  });

  test('reads back as it was written', () => {
    const file = JSON.parse(JSON.stringify(stored())) as unknown;
    expect(readTraceFile(file)).toEqual({ ok: true, value: stored() });
  });

  test('a sight of the transport from before strict transport was looked for is read as one that saw none', () => {
    const old = {
      on: 'transport',
      accepted: true,
      protocol: null,
      cipher: null,
      verified: null,
      validToMs: null,
      redirected: null,
    };
    const act = { on: 'transport', do: 'probe', with: 'current' };
    const entries = [{ atMs: 1, kind: 'wired', fromMs: 1, act, sight: old }];
    expect(readTraceFile({ ...stored(), entries })).toMatchObject({
      ok: true,
      value: { entries: [{ sight: { ...old, hsts: null } }] },
    });
  });

  test('a trace from before locks had modes is read as one of a lock without, and says nothing of who presents', () => {
    const file = JSON.parse(JSON.stringify({ ...stored(), entries: jamReportedLocked().entries }));
    const old = JSON.parse(
      JSON.stringify(file, (key, value: unknown) =>
        ['mode', 'modes', 'timed-unlock', 'mode-schedules', 'expiring', 'duress'].includes(key) ? undefined : value,
      ),
    );
    const read = readTraceFile(old);
    if (!read.ok) throw new Error(read.problems.join());
    const { header, entries } = read.value;
    expect([header.declaration.modes, has(header.declaration, 'modes')]).toEqual([[], false]);
    const views = entries.flatMap((entry) =>
      entry.kind === 'answered' && entry.answer.kind === 'ok' && entry.answer.value && 'bolt' in entry.answer.value
        ? [entry.answer.value.mode]
        : [],
    );
    expect(views.length).toBeGreaterThan(0);
    expect(views.every((mode) => mode === null)).toBe(true);
  });

  test('every trace of the sample is valid', () => {
    for (const trace of [revokedOpens(), secondGrant(), jamReportedLocked()])
      expect(readAs(traceSchema, JSON.parse(JSON.stringify(trace)))).toMatchObject({ ok: true });
  });

  test('digits in the place of a PIN are refused, and not quoted', () => {
    const steps = [{ step: 'hand', act: { act: 'present', pin: '482913' } }];
    const found = problems({ steps });
    expect(found).not.toEqual([]);
    expect(found.join()).not.toContain('482913');
  });

  test('branches do not nest', () => {
    const inner = { step: 'together', branches: [[{ step: 'settle' }]] };
    expect(problems({ steps: [{ step: 'together', branches: [[inner]] }] })).not.toEqual([]);
  });

  test.for([
    ['no object', 'x'],
    ['null', null],
    ['another schema', { ...stored(), schema: 2 }],
    ['an unknown field', { ...stored(), extra: 1 }],
    ['an unknown entry', { ...stored(), entries: [{ atMs: 1, kind: 'boom' }] }],
    ['a time that is no number', { ...stored(), entries: [{ atMs: '1', kind: 'settled' }] }],
    [
      'an id that is too long',
      { ...stored(), steps: [{ step: 'ask', as: 'owner', command: { do: 'readLock', lock: 'x'.repeat(5_000) } }] },
    ],
    ['too many branches', { ...stored(), steps: [{ step: 'together', branches: Array.from({ length: 17 }, () => []) }] }],
    ['an actor that nobody is', { ...stored(), steps: [{ step: 'feed', as: 'root', from: 'last' }] }],
  ] as const)('%s is refused', ([, json]) => {
    expect(readTraceFile(json)).toMatchObject({ ok: false });
  });

  test('problems are few, short and printable, whatever stands in the file', () => {
    const entries = Array.from({ length: 500 }, () => ({ atMs: 1, kind: 'settled', ['\u001b[31m\u202e'.repeat(400)]: 1 }));
    const found = problems({ entries });
    expect(found.length).toBeLessThanOrEqual(21);
    for (const text of found) expect(text).toMatch(/^[ -~]{1,300}$/);
  });
});
