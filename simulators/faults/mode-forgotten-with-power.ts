import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'mode-forgotten-with-power',
  defects: ['STATE-12'],
  sentence: 'After a loss of power the lock is in the mode normal, whatever it was set to.',
  hard: null,
  hooks: () => ({
    'power.restore': (_given, honest) => ({ ...honest, mode: 'normal' }),
  }),
};
