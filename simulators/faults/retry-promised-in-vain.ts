import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'retry-promised-in-vain',
  defects: ['IDEM-06'],
  sentence: 'Requests that can only be refused again are said to be worth a retry.',
  hard: null,
  hooks: () => ({ problem: (_given, honest) => (honest.status === 422 ? { ...honest, retryable: true } : honest) }),
};
