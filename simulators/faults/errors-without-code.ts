import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'errors-without-code',
  defects: ['ERR-03'],
  sentence: 'Refusals of requests that name what is not there carry no typed code.',
  hard: null,
  hooks: () => ({
    problem: (_given, honest) =>
      honest.name === 'not-found' || honest.name === 'lock-unknown' ? { ...honest, name: '' } : honest,
  }),
};
