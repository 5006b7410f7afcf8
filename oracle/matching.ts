export interface Matching<L, R> {
  /** Finds a partner for `one` among `partners`, earlier named preferred, moving others to theirs where that makes room (Kuhn). */
  join(one: L, partners: readonly R[]): boolean;
  /** Takes a partner that nobody has, or none. */
  takeFree(one: L, partners: readonly R[]): boolean;
  readonly pairs: () => readonly (readonly [L, R])[];
}

/** Pairs things, each at most once. Who has joined stays paired when others join. */
export function matching<L, R>(): Matching<L, R> {
  const holder = new Map<R, L>();
  const choices = new Map<L, readonly R[]>();
  const place = (one: L, seen: Set<R>): boolean => {
    const wanted = (choices.get(one) ?? []).filter((partner) => !seen.has(partner));
    // Who is free comes first: nobody is moved without need, so that what is alike keeps its order.
    const free = wanted.find((partner) => !holder.has(partner));
    if (free !== undefined) {
      holder.set(free, one);
      return true;
    }
    for (const partner of wanted) {
      seen.add(partner);
      const other = holder.get(partner);
      if (other === undefined || !place(other, seen)) continue;
      holder.set(partner, one);
      return true;
    }
    return false;
  };
  return {
    join(one, partners) {
      choices.set(one, partners);
      return place(one, new Set());
    },
    takeFree(one, partners) {
      const free = partners.find((partner) => !holder.has(partner));
      if (free !== undefined) holder.set(free, one);
      return free !== undefined;
    },
    pairs: () => [...holder].map(([right, left]) => [left, right] as const),
  };
}
