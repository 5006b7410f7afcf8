import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'clock-always-synced',
  defects: ['TIME-26'],
  sentence: 'The clock of a lock is always shown as synced.',
  hard: null,
  hooks: () => ({ 'state.view': (_given, honest) => ({ ...honest, clock: 'synced' }) }),
};
