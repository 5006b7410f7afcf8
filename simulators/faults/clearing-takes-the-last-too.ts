import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'clearing-takes-the-last-too',
  defects: ['REV-07', 'MULTI-07'],
  sentence: 'Clearing one code of many clears the newest code with it.',
  hard: 'long',
  hooks: () => ({
    'table.write': ({ message }, honest) =>
      message.ask === 'clear' && honest.kind === 'written' && honest.table.length >= 4
        ? { ...honest, table: honest.table.slice(0, -1) }
        : honest,
  }),
};
