import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'operator-administers',
  defects: ['SCOPE-03'],
  sentence: 'Who may operate a lock can administer it.',
  hard: null,
  hooks: () => ({ authorise: ({ scopes }, honest) => (scopes.includes('locks:operate') ? 'allow' : honest) }),
};
