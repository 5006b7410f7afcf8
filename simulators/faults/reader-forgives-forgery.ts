import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-forgives-forgery',
  defects: ['LINK-13'],
  sentence: 'A wired reader refuses a forged packet, and the session goes on.',
  hard: null,
  hooks: () => ({ 'reader.ends': ({ is }) => is !== 'forged' }),
};
