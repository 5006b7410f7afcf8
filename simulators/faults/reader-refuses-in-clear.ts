import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-refuses-in-clear',
  defects: ['LINK-08'],
  sentence: 'In a session a wired reader refuses in clear, and under no seal, what it has understood.',
  hard: null,
  hooks: () => ({ 'reader.seals': ({ what }) => what !== 'refusal' }),
};
