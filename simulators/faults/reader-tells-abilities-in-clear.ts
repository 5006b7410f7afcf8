import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-tells-abilities-in-clear',
  defects: ['LINK-08'],
  sentence: 'In a session a wired reader tells in clear, and under no seal, what it can.',
  hard: null,
  hooks: () => ({ 'reader.seals': ({ what }) => what !== 'abilities' }),
};
