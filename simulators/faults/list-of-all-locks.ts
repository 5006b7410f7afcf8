import type { Fault } from '../decisions.ts';
import type { GrantRecord } from '../platform/records.ts';

export const fault: Fault = {
  name: 'list-of-all-locks',
  defects: ['REV-02'],
  sentence: 'The list of the grants of a lock also holds those of the other locks.',
  hard: null,
  hooks: () => {
    const byLock = new Map<string, readonly GrantRecord[]>();
    return {
      'grants.list': ({ lock }, honest) => {
        byLock.set(lock, honest);
        return [...byLock.values()].flat();
      },
    };
  },
};
