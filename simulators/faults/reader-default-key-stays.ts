import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-default-key-stays',
  defects: ['LINK-10'],
  sentence: 'A wired reader opens a session to the key that every reader knows, though it has one of its own.',
  hard: null,
  hooks: () => ({ 'reader.default': () => true }),
};
