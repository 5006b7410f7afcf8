import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'cleared-spell-begins',
  defects: ['STATE-06', 'STATE-12'],
  sentence: 'A mode that was set for a time and taken away again is told as gone, and begins all the same.',
  hard: null,
  hooks: () => ({
    'mode.spell': ({ before, asked }, honest) => (asked === null ? { ...honest, spell: before } : honest),
  }),
};
