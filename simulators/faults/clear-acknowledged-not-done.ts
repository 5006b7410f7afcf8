import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'clear-acknowledged-not-done',
  defects: ['REV-01'],
  sentence: 'The lock acknowledges that a code is cleared and keeps it.',
  hard: null,
  hooks: () => ({
    'table.write': ({ message, table }, honest) => (message.ask === 'clear' ? { kind: 'written', table } : honest),
  }),
};
