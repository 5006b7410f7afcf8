import { expect, test } from 'vitest';
import type { Lane, StoryLine } from './line.ts';
import { folded } from './folded.ts';

const told = (lane: Lane, text: string, highlight = false): StoryLine => ({
  entry: 0,
  atMs: 0,
  after: '',
  lane,
  text,
  detail: '',
  highlight,
});
const asked = told('integration', 'reads g1');
const pending = told('platform', 'pending');
const done = told('platform', 'confirmed');
const texts = (lines: readonly StoryLine[]): string[] => folded(lines).map(({ text }) => text);

test('who asks again and gets the same answer is told once', () => {
  const lines = [asked, pending, asked, pending, asked, pending, asked, done];
  expect(texts(lines)).toEqual(['reads g1', 'pending', '… and 2 times again, with the same answer.', 'reads g1', 'confirmed']);
});

test('one repeat is told as it was', () => {
  expect(texts([asked, pending, asked, pending, asked, done])).toHaveLength(6);
});

test('the highlight is never folded away', () => {
  const lines = [asked, pending, asked, pending, asked, { ...pending, highlight: true }];
  expect(folded(lines).some(({ highlight }) => highlight)).toBe(true);
});
