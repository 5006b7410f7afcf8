import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'pins-shown-to-readers',
  defects: ['SCOPE-03'],
  sentence: 'A token without the right to see PINs sees them.',
  hard: null,
  hooks: () => ({ 'scope.redact': ({ digits }) => ({ kind: 'plain', digits }) }),
};
