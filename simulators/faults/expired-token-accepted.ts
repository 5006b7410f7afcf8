import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'expired-token-accepted',
  defects: ['AUTH-02'],
  sentence: 'One route does not look whether a token has expired.',
  hard: 'timing',
  hooks: () => ({
    'token.check': ({ record, route, integration }, honest) =>
      honest.kind === 'invalid' && honest.why === 'expired' && record && integration && route === 'listLocks'
        ? { kind: 'valid', integration: integration.id }
        : honest,
  }),
};
