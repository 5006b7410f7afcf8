import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'remote-told-as-hand',
  defects: ['EVT-06'],
  sentence: 'A remote unlock is told as an act by hand at the thumb-turn.',
  hard: null,
  hooks: () => ({
    'event.build': (_given, honest) => (honest?.method === 'remote' ? { ...honest, method: 'hand', integration: null } : honest),
  }),
};
