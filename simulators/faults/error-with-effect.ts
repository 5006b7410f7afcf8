import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'error-with-effect',
  defects: ['ERR-07', 'SCOPE-11'],
  sentence: 'Every third grant is told as refused, and it is there.',
  hard: 'step',
  hooks: () => {
    let made = 0;
    return {
      answer: ({ route }, honest) => {
        if (route !== 'createGrant' || honest.status >= 300) return honest;
        made += 1;
        if (made % 3 !== 0) return honest;
        const problem = {
          type: 'https://lockproof.invalid/problems/name-invalid',
          title: 'Name invalid',
          status: 422,
          code: 'name-invalid',
          retryable: false,
        };
        return { ...honest, status: 422, body: problem };
      },
    };
  },
};
