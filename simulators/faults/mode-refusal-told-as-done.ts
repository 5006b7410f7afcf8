import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'mode-refusal-told-as-done',
  defects: ['STATE-06'],
  sentence: 'What the lock refused because of its mode is told as done.',
  hard: null,
  hooks: () => ({
    'operation.result': ({ outcome }, honest) =>
      outcome?.answer === 'refused' && outcome.why === 'mode' ? { state: 'done', cause: null, maybe: false } : honest,
  }),
};
