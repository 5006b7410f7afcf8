import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'any-token-accepted',
  defects: ['AUTH-01'],
  sentence: 'A token that was never issued reads the locks.',
  hard: null,
  hooks: () => ({
    'token.check': ({ presented, route }, honest) =>
      honest.kind === 'invalid' &&
      honest.why === 'unknown' &&
      presented !== null &&
      (route === 'readLock' || route === 'listLocks')
        ? { kind: 'valid', integration: 'owner' }
        : honest,
  }),
};
