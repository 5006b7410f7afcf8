import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'told-before-done',
  defects: ['EVT-13', 'STATE-06', 'STATE-02'],
  sentence: 'An operation is done as soon as it is sent.',
  hard: 'step',
  hooks: () => ({
    'operation.result': ({ outcome }, honest) => (outcome === null ? { ...honest, state: 'done', cause: null } : honest),
  }),
};
