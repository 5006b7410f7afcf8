import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'relock-untold',
  defects: ['EVT-12'],
  sentence: 'The lock throws its bolt by itself and says nothing.',
  hard: 'timing',
  hooks: () => ({ 'log.append': ({ record }, honest) => (record.method === 'auto' ? [] : honest) }),
};
