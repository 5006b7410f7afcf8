import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'power-cut-loses-log',
  defects: ['EVT-20'],
  sentence: 'A power cut empties the log of the lock.',
  hard: 'step',
  hooks: () => ({ 'power.restore': (_given, honest) => ({ ...honest, log: [] }) }),
};
