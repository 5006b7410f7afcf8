import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'lockout-untold',
  defects: ['EVT-16'],
  sentence: 'The lock locks out after wrong codes and raises no event.',
  hard: null,
  hooks: () => ({ 'log.append': ({ record }, honest) => (record.what === 'lockout' ? [] : honest) }),
};
