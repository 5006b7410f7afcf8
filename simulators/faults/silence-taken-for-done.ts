import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'silence-taken-for-done',
  defects: ['REV-03', 'OFF-09', 'STATE-06'],
  sentence: 'The platform takes silence for an acknowledgement: what was sent counts as done.',
  hard: 'step',
  hooks: () => ({
    'sync.result': ({ before, outcome }, honest) =>
      outcome === null
        ? {
            grant: {
              ...before,
              sync: 'confirmed',
              onLock: before.wish === 'revoked' ? null : { intent: before.intent, terms: before.terms },
            },
            keep: false,
          }
        : honest,
  }),
};
