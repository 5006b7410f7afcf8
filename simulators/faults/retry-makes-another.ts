import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'retry-makes-another',
  defects: ['IDEM-02'],
  sentence: 'A repeated request is carried out again in spite of its key.',
  hard: 'step',
  hooks: () => ({ idempotency: () => 'new' }),
};
