import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'replaced-lock-left-empty',
  defects: ['MIG-06'],
  sentence: 'A replaced lock gets none of the grants.',
  hard: null,
  hooks: () => ({ replace: (_given, honest) => ({ ...honest, jobs: [] }) }),
};
