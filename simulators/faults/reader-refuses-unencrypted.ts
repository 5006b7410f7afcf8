import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-refuses-unencrypted',
  defects: ['LINK-08'],
  sentence: 'In a session a wired reader encrypts all that it tells but why it refuses.',
  hard: null,
  hooks: () => ({ 'reader.hides': ({ what }) => what !== 'refusal' }),
};
