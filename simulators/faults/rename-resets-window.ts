import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'rename-resets-window',
  defects: ['TIME-03', 'TIME-16'],
  sentence: 'Changing the name of a grant drops its window.',
  hard: null,
  hooks: () => ({
    'grant.store': ({ cause, before }, honest) =>
      cause === 'change' && before !== null && before.name !== honest.name
        ? {
            ...honest,
            terms: { ...honest.terms, window: { ...honest.terms.window, startMs: null, endMs: null, recurrence: null } },
          }
        : honest,
  }),
};
