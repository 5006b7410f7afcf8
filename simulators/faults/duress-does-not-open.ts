import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'duress-does-not-open',
  defects: ['EVT-31'],
  sentence: 'A code for duress makes its alarm nowhere and does not open.',
  hard: null,
  hooks: () => ({
    present: ({ table }, honest) => (table.some(({ slot, duress }) => slot === honest?.slot && duress === true) ? null : honest),
  }),
};
