import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'late-unlock-carried-out',
  defects: ['OFF-04'],
  sentence: 'An unlock that was not delivered in time is carried out when the lock comes back.',
  hard: 'timing',
  hooks: () => ({ 'operation.expired': () => false, 'bolt.accept': (_given, honest) => (honest === 'expired' ? null : honest) }),
};
