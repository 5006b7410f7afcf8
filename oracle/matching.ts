/**
 * The largest matching of `left` to `right`, each at most once, by augmenting paths (Kuhn). What is given earlier in
 * `left` stays matched when later ones join; of several partners the earlier named is preferred.
 */
export function matching<L, R>(left: readonly L[], partners: (one: L) => readonly R[]): ReadonlyMap<L, R> {
  const taken = new Map<R, L>();
  const choices = new Map<L, readonly R[]>();
  const place = (one: L, seen: Set<R>): boolean => {
    for (const partner of choices.get(one) ?? []) {
      if (seen.has(partner)) continue;
      seen.add(partner);
      const holder = taken.get(partner);
      if (holder !== undefined && !place(holder, seen)) continue;
      taken.set(partner, one);
      return true;
    }
    return false;
  };
  for (const one of left) {
    choices.set(one, partners(one));
    place(one, new Set());
  }
  return new Map([...taken].map(([partner, one]) => [one, partner]));
}
