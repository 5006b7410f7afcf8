import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-tells-cards-unencrypted',
  defects: ['LINK-08'],
  sentence: 'In a session a wired reader encrypts all that it tells but the numbers of cards.',
  hard: null,
  hooks: () => ({ 'reader.hides': ({ what }) => what !== 'card' }),
};
