import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'operator-kept-out',
  defects: ['ERR-11'],
  sentence: 'Who may operate a lock, and no more, is refused its operation.',
  hard: null,
  hooks: () => ({
    authorise: ({ needs, scopes }, honest) =>
      needs.includes('locks:operate') && !needs.includes('grants:write') && !scopes.includes('grants:write') ? 'forbid' : honest,
  }),
};
