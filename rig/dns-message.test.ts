import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerIn, question } from './dns-message.ts';

const label = (text: string): readonly number[] => [text.length, ...Buffer.from(text)];
const header = (answers: number): readonly number[] => [0, 0, 0x84, 0, 0, 0, 0, answers, 0, 0, 0, 0];
const record = (type: number, data: readonly number[]): readonly number[] => [
  0,
  type,
  0,
  1,
  0,
  0,
  0,
  120,
  0,
  data.length,
  ...data,
];

test('an answer is read, with names that point back', () => {
  const service = [...label('_http'), ...label('_tcp'), ...label('local'), 0];
  const atService = [0xc0, 12];
  const instance = [...label('Our door'), ...atService];
  const text = [...label('a=1'), ...label('b')];
  const first = [...service, ...record(12, instance)];
  const message = [...header(3), ...first, ...atService, ...record(33, [1, 2]), ...instance, ...record(16, text)];
  expect(answerIn(Uint8Array.from(message))).toEqual([
    { kind: 'pointer', name: '_http._tcp.local', to: 'Our door._http._tcp.local' },
    { kind: 'text', name: 'Our door._http._tcp.local', strings: ['a=1', 'b'] },
  ]);
});

test('a question is no answer, nor is what is too short', () => {
  expect(answerIn(question(['_http._tcp.local']))).toBeNull();
  expect(answerIn(Uint8Array.from([0, 0, 0x84]))).toBeNull();
});

test('a name that points at itself ends', () => {
  expect(answerIn(Uint8Array.from([...header(1), 0xc0, 12, ...record(12, [0xc0, 12])]))).toEqual([]);
});

test('whatever comes is no reason to throw, and brings no more than is read of one message', () => {
  const bytes = fc.uint8Array({ maxLength: 600 });
  const likely = fc.tuple(fc.nat(0xff), bytes).map(([count, rest]) => Uint8Array.from([...header(count), ...rest]));
  fc.assert(
    fc.property(fc.oneof(bytes, likely), (message) => {
      expect(answerIn(message)?.length ?? 0).toBeLessThanOrEqual(200);
    }),
    { numRuns: 2_000, seed: 1 },
  );
});
