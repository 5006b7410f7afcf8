import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'missing-told-as-outage',
  defects: ['ERR-03', 'ERR-05'],
  sentence: 'What is not there is told as an internal error.',
  hard: null,
  hooks: () => ({
    problem: (_given, honest) =>
      honest.name === 'not-found' ? { ...honest, name: 'internal', status: 500, title: 'Internal', retryable: true } : honest,
  }),
};
