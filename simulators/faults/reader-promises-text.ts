import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-promises-text',
  defects: ['LINK-24'],
  sentence: 'A wired reader says that it shows texts, and does not know the command.',
  hard: null,
  hooks: () => ({ 'reader.signals': ({ what }, honest) => honest && what !== 'text' }),
};
