import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'silence-taken-for-set',
  defects: ['OFF-09', 'STATE-07'],
  sentence: 'A grant that was sent to a lock out of reach counts as set, and is not sent again.',
  hard: 'step',
  hooks: () => ({
    'sync.result': ({ before, outcome }, honest) =>
      outcome === null && before.wish !== 'revoked'
        ? { grant: { ...before, sync: 'confirmed', onLock: { intent: before.intent, terms: before.terms } }, keep: false }
        : honest,
  }),
};
