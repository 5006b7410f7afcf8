import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'first-use-never-noted',
  defects: ['TIME-27'],
  sentence: 'A code that shall end some time after its first use opens for ever.',
  hard: null,
  hooks: () => ({
    'use.first': () => null,
  }),
};
