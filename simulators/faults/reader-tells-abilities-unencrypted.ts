import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-tells-abilities-unencrypted',
  defects: ['LINK-08'],
  sentence: 'In a session a wired reader encrypts all that it tells but what it can.',
  hard: null,
  hooks: () => ({ 'reader.hides': ({ what }) => what !== 'abilities' }),
};
