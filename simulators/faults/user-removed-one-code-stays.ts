import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'user-removed-one-code-stays',
  defects: ['SCOPE-07'],
  sentence: 'Removing a user revokes the first of his grants and forgets the others.',
  hard: null,
  hooks: () => ({ 'user.remove': (_given, honest) => honest.slice(0, 1) }),
};
