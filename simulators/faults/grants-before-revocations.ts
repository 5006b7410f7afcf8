import type { Fault } from '../decisions.ts';
import type { SyncJob } from '../platform/records.ts';

export const fault: Fault = {
  name: 'grants-before-revocations',
  defects: ['OFF-01'],
  sentence: 'After an outage, work that enables goes first and the revocation of the same grant is overtaken.',
  hard: 'interleaving',
  hooks: () => ({
    'sync.reconnect': ({ queue, grants }, honest) => [
      ...honest,
      ...grants
        .filter(
          ({ wish, slot, onLock }) =>
            wish === 'revoked' && slot !== null && onLock !== null && queue.some(({ kind }) => kind === 'clear'),
        )
        .map((grant): SyncJob => ({
          kind: 'set',
          grant: grant.id,
          slot: grant.slot ?? 0,
          intent: grant.intent - 1,
          terms: grant.terms,
          narrowing: false,
          sinceMs: 0,
        })),
    ],
  }),
};
