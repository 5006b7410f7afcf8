import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'second-refresh-kills-session',
  defects: ['AUTH-06'],
  sentence: 'When two refreshes come at the same time, the second ends the session.',
  hard: 'interleaving',
  hooks: () => {
    const dead = new Set<string>();
    return {
      'token.refresh': ({ record }, honest) => {
        if (record && honest === 'repeat') dead.add(record.family);
        return honest;
      },
      'token.check': ({ record }, honest) => (record && dead.has(record.family) ? { kind: 'invalid', why: 'revoked' } : honest),
    };
  },
};
