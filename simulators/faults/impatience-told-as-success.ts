import type { Fault } from '../decisions.ts';

/** Longer than a healthy lock takes to answer. */
const patienceMs = 2_000;

export const fault: Fault = {
  name: 'impatience-told-as-success',
  defects: ['OFF-09', 'REV-03', 'STATE-07'],
  sentence: 'A change that the lock has not answered after a while is told as confirmed.',
  hard: 'timing',
  hooks: () => {
    const sinceMs = new Map<string, number>();
    return {
      'grant.view': ({ grant, nowMs }, honest) => {
        const wish = `${grant.id}/${grant.intent}`;
        const firstMs = sinceMs.get(wish) ?? nowMs;
        sinceMs.set(wish, firstMs);
        return honest.sync === 'pending' && nowMs - firstMs > patienceMs ? { ...honest, sync: 'confirmed' } : honest;
      },
    };
  },
};
