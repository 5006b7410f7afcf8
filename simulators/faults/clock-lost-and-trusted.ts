import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'clock-lost-and-trusted',
  defects: ['TIME-07'],
  sentence: 'After a power cut the lock starts from an old time and holds it to be right.',
  hard: 'timing',
  hooks: () => ({ 'power.restore': (_given, honest) => ({ ...honest, clockKnown: true }) }),
};
