import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'bad-token-told-as-bad-request',
  defects: ['ERR-03'],
  sentence: 'Who asks for its own identity with a token that was never issued is told of a parameter.',
  hard: null,
  hooks: () => ({
    problem: ({ route }, honest) =>
      route === 'identify' && honest.name === 'token-invalid'
        ? { ...honest, name: 'parameter-invalid', status: 400, title: 'Parameter invalid' }
        : honest,
  }),
};
