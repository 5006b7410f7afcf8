import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'scope-words-ignored',
  defects: ['SCOPE-03', 'ERR-11'],
  sentence: 'A token that may only read can write.',
  hard: null,
  hooks: () => ({
    authorise: ({ scopes }, honest) => (scopes.every((one) => one.endsWith(':read')) ? 'allow' : honest),
  }),
};
