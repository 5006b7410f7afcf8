import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'clock-always-synced',
  defects: ['TIME-26'],
  sentence: 'The time is set once and never again, and the clock of a lock is always shown as synced.',
  hard: 'step',
  hooks: () => ({
    'clock.sync': ({ lock }, honest) => (lock.clockSetMs === null ? honest : null),
    'state.view': (_given, honest) => ({ ...honest, clock: 'synced' }),
  }),
};
