import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'pin-change-resets-name',
  defects: ['IDEM-10'],
  sentence: 'A new PIN for a grant sets its name back to a default.',
  hard: null,
  hooks: () => ({
    'grant.store': ({ cause, before }, honest) =>
      cause === 'change' && before !== null && before.terms.digits !== honest.terms.digits
        ? { ...honest, name: 'Access code' }
        : honest,
  }),
};
