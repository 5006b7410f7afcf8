import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'last-code-breaks-another',
  defects: ['RES-01'],
  sentence: 'The code in the last slot of a full table silently disables the first.',
  hard: 'long',
  hooks: () => ({
    'table.write': ({ message, capacity }, honest) =>
      honest.kind === 'written' && message.ask === 'set' && honest.table.length >= capacity
        ? { ...honest, table: honest.table.map((one, i) => (i === 0 ? { ...one, enabled: false } : one)) }
        : honest,
  }),
};
