import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'mode-change-untold',
  defects: ['EVT-12'],
  sentence: 'A change of mode makes no event.',
  hard: null,
  hooks: () => ({
    'log.append': ({ record }, honest) => (record.what === 'mode' ? [] : honest),
  }),
};
