import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-repeat-done-again',
  defects: ['LINK-14'],
  sentence: 'A wired reader does a command again that is repeated under its number.',
  hard: null,
  hooks: () => ({ 'reader.repeat': () => false }),
};
