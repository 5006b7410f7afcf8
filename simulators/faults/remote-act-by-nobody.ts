import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'remote-act-by-nobody',
  defects: ['EVT-22', 'EVT-24'],
  sentence: 'The event of a lock or unlock by the API does not say which integration asked for it.',
  hard: null,
  hooks: () => ({
    'event.build': (_given, honest) => (honest?.method === 'remote' ? { ...honest, integration: null } : honest),
  }),
};
