import type { Fault } from '../decisions.ts';
import type { SyncJob } from '../platform/records.ts';

export const fault: Fault = {
  name: 'silent-lock-holds-up-others',
  defects: ['OFF-04'],
  sentence: 'While one lock is silent, work for the others waits.',
  hard: 'step',
  hooks: () => {
    const silent = new Set<string>();
    const held = new Map<string, readonly SyncJob[]>();
    return {
      retry: ({ lock, outcome }, honest) => {
        if (outcome === 'lost') silent.add(lock);
        return honest;
      },
      'sync.reconnect': ({ lock }, honest) => {
        silent.delete(lock);
        return honest;
      },
      'sync.enqueue': ({ lock, queue, job }, honest) => {
        const waiting = held.get(lock) ?? [];
        if ([...silent].some((other) => other !== lock)) {
          held.set(lock, [...waiting, job]);
          return queue;
        }
        held.delete(lock);
        return [...waiting, ...honest];
      },
    };
  },
};
