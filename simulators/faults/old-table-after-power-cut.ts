import type { Fault } from '../decisions.ts';
import type { Credential } from '../lock/port.ts';

export const fault: Fault = {
  name: 'old-table-after-power-cut',
  defects: ['REV-05', 'REV-14'],
  sentence: 'After a power cut the lock comes back with the codes that were cleared since its last restart.',
  hard: 'interleaving',
  hooks: () => {
    const cleared = new Map<number, Credential>();
    return {
      'table.write': ({ message, table }, honest) => {
        const gone = message.ask === 'clear' ? table.find(({ slot }) => slot === message.slot) : undefined;
        if (gone) cleared.set(gone.slot, gone);
        return honest;
      },
      'power.restore': (_given, honest) => {
        const back = [...cleared.values()].filter(
          (old) => !honest.table.some(({ slot, digits }) => slot === old.slot || digits === old.digits),
        );
        return { ...honest, table: [...honest.table, ...back].toSorted((a, b) => a.slot - b.slot) };
      },
    };
  },
};
