import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'clock-never-set',
  defects: ['TIME-06', 'TIME-26'],
  sentence: 'The lock acknowledges the time it is sent and goes on by its own clock.',
  hard: 'long',
  hooks: () => ({ 'clock.set': ({ deviceMs, clockKnown }) => ({ deviceMs, clockKnown: clockKnown || deviceMs > 0 }) }),
};
