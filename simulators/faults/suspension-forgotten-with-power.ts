import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'suspension-forgotten-with-power',
  defects: ['REV-21'],
  sentence: 'After a loss of power every code that the lock keeps is in force, the suspended ones too.',
  hard: 'step',
  hooks: () => ({
    'power.restore': (_given, honest) => ({ ...honest, table: honest.table.map((held) => ({ ...held, enabled: true })) }),
  }),
};
