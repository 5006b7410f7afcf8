import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'change-begins-time-anew',
  defects: ['TIME-27'],
  sentence: 'When a code is set again, its time from the first use on is forgotten: the next use is the first.',
  hard: null,
  hooks: () => ({
    'use.first': ({ because }, honest) => (because === 'set' ? null : honest),
  }),
};
