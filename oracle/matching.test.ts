import { expect, test } from 'vitest';
import { matching } from './matching.ts';

test('whoever joins is placed if anybody can make room, and alike ones keep their order', () => {
  const pairs = matching<string, number>();
  expect(pairs.join('first', [1, 2])).toBe(true);
  expect(pairs.join('second', [1, 2])).toBe(true);
  expect(pairs.pairs()).toEqual([
    ['first', 1],
    ['second', 2],
  ]);
  expect(pairs.join('third', [1, 2])).toBe(false);
});

test('one who can do without makes room', () => {
  const pairs = matching<string, number>();
  pairs.join('easy', [1, 2]);
  expect(pairs.join('hard', [1])).toBe(true);
  expect(new Map(pairs.pairs())).toEqual(
    new Map([
      ['hard', 1],
      ['easy', 2],
    ]),
  );
});

test('taking what is free moves nobody', () => {
  const pairs = matching<string, number>();
  pairs.join('one', [1]);
  expect(pairs.takeFree('two', [1])).toBe(false);
  expect(pairs.takeFree('two', [1, 2])).toBe(true);
});
