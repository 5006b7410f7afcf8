import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'pin-change-unchecked',
  defects: ['MULTI-02'],
  sentence: 'A change of a PIN may take one that another grant of the lock has; a creation may not.',
  hard: null,
  hooks: () => ({
    'request.validate': ({ before }, honest) => (before !== null && honest?.name === 'pin-taken' ? null : honest),
  }),
};
