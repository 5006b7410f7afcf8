import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'any-key-is-a-guest',
  defects: ['LINK-10'],
  sentence: 'Who has a key at all is let in as a guest.',
  hard: null,
  hooks: () => ({ 'link.admit': (_given, honest) => honest ?? 'guest' }),
};
