import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'cleared-slot-kept-blank',
  defects: ['REV-07'],
  sentence: 'A code that is cleared stays in the lock’s table without its digits: nobody opens with it, and the slot is taken.',
  hard: null,
  hooks: () => ({
    'table.write': ({ message, table }, honest) => {
      const held = message.ask === 'clear' ? table.find(({ slot }) => slot === message.slot) : undefined;
      if (honest.kind !== 'written' || !held) return honest;
      const blank = { ...held, digits: '', enabled: false };
      return { kind: 'written', table: [...honest.table, blank].toSorted((a, b) => a.slot - b.slot) };
    },
  }),
};
