import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'uses-never-counted',
  defects: ['TIME-19'],
  sentence: 'The use count of a code is stored and never goes down.',
  hard: null,
  hooks: () => ({ 'use.count': ({ credential }) => credential.usesLeft }),
};
