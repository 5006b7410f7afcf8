import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'any-token-accepted',
  defects: ['AUTH-01'],
  sentence: 'A token that was never issued reads the locks.',
  hard: null,
  hooks: () => {
    let somebody: string | null = null;
    return {
      'token.check': ({ presented, route }, honest) => {
        if (honest.kind === 'valid') somebody = honest.integration;
        const reads = route === 'readLock' || route === 'listLocks';
        return honest.kind === 'invalid' && honest.why === 'unknown' && reads && presented !== null && somebody !== null
          ? { kind: 'valid', integration: somebody }
          : honest;
      },
    };
  },
};
