import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'duress-of-nobody',
  defects: ['EVT-31'],
  sentence: 'Duress is told, and not whose code it was.',
  hard: null,
  hooks: () => ({
    'event.build': (_given, honest) => (honest?.verb === 'lock.duress' ? { ...honest, grant: null, user: null } : honest),
  }),
};
