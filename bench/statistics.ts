/** The middle of several figures; of an even count the mean of the two in the middle. NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1] ?? Number.NaN, sorted[Math.floor(half)] ?? Number.NaN];
  return (low + high) / 2;
}

/** One side of a comparison, in the measure's own unit. */
export interface Side {
  readonly median: number;
  readonly all: readonly number[];
}

export const sideOf = (all: readonly number[]): Side => ({ median: median(all), all });

/** A and B measured in turns, so that what disturbs the machine disturbs both; the ratio is the median of the pairs' own. */
export interface Pairs {
  readonly ours: Side;
  readonly base: Side;
  readonly ratio: Side;
}

type Figures<K extends string> = Readonly<Record<K, number>>;

/** Measures `count` pairs of figures, ours first in every other one, and compares each figure that is named. */
export async function pairs<K extends string>(
  count: number,
  ours: () => Promise<Figures<K>>,
  base: () => Promise<Figures<K>>,
): Promise<(name: K) => Pairs> {
  const found: { readonly ours: Figures<K>; readonly base: Figures<K> }[] = [];
  for (let i = 0; i < count; i += 1) {
    const early = i % 2 === 0 ? await ours() : null;
    const one = await base();
    found.push({ ours: early ?? (await ours()), base: one });
  }
  return (name) => ({
    ours: sideOf(found.map((one) => one.ours[name])),
    base: sideOf(found.map((one) => one.base[name])),
    ratio: sideOf(found.map((one) => one.ours[name] / one.base[name])),
  });
}
