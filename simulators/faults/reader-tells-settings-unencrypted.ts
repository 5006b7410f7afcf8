import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-tells-settings-unencrypted',
  defects: ['LINK-08'],
  sentence: 'In a session a wired reader encrypts all that it tells but its new address.',
  hard: null,
  hooks: () => ({ 'reader.hides': ({ what }) => what !== 'settings' }),
};
