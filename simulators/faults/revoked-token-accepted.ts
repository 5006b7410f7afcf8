import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'revoked-token-accepted',
  defects: ['AUTH-02', 'REV-18'],
  sentence: 'A revoked token is good until it expires.',
  hard: null,
  hooks: () => ({
    'token.check': ({ record, integration }, honest) =>
      honest.kind === 'invalid' && honest.why === 'revoked' && record && integration
        ? { kind: 'valid', integration: integration.id }
        : honest,
  }),
};
