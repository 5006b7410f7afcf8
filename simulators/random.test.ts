import { test } from 'vitest';
import { seededRandom } from './random.ts';

const draw = (random: { below(limit: number): number }, limit: number, count: number) =>
  Array.from({ length: count }, () => random.below(limit));

test('pinned: the numbers of a seed never change', ({ expect }) => {
  expect(draw(seededRandom(1), 1000, 8)).toEqual([499, 608, 153, 200, 390, 663, 750, 371]);
  expect(draw(seededRandom(1).split('lock').split('radio'), 2 ** 32, 3)).toEqual([3888141978, 895192139, 2053006211]);
  expect(draw(seededRandom(42), 2 ** 50, 2)).toEqual([122413321388757, 219014566140498]);
});
test('a split depends on seed and label, not on what was drawn', ({ expect }) => {
  const one = seededRandom(5);
  draw(one, 10, 100);
  expect(draw(one.split('a'), 1e9, 5)).toEqual(draw(seededRandom(5).split('a'), 1e9, 5));
  const firsts = ['a', 'b', '', 'aa', 'ab', 'ba'].map((label) =>
    seededRandom(5)
      .split(label)
      .below(2 ** 32),
  );
  expect(
    new Set([
      ...firsts,
      seededRandom(5).below(2 ** 32),
      seededRandom(6)
        .split('a')
        .below(2 ** 32),
    ]).size,
  ).toBe(8);
});
test('even over small limits: chi-squared over 60 000 draws stays below the 99.9 % point', ({ expect }) => {
  for (const limit of [2, 6, 10]) {
    const counts = Array.from({ length: limit }, () => 0);
    for (const value of draw(seededRandom(9).split(`limit ${limit}`), limit, 60_000)) counts[value] = (counts[value] ?? 0) + 1;
    const expected = 60_000 / limit;
    const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan({ 2: 10.83, 6: 20.52, 10: 27.88 }[limit] ?? 0);
  }
});
test('refuses limits that make no sense', ({ expect }) => {
  for (const limit of [0, -1, 1.5, Number.NaN, Infinity]) expect(() => seededRandom(1).below(limit)).toThrow(RangeError);
  expect(seededRandom(1).below(1)).toBe(0);
});
