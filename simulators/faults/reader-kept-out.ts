import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-kept-out',
  defects: ['ERR-11'],
  sentence: 'A token with exactly the documented scope is refused the reading of a grant.',
  hard: null,
  hooks: () => ({
    authorise: ({ route, scopes }, honest) => (route === 'readGrant' && !scopes.includes('grants:write') ? 'forbid' : honest),
  }),
};
