import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'jam-reported-as-locked',
  defects: ['STATE-03'],
  sentence: 'A jammed bolt is reported where it was told to go.',
  hard: null,
  hooks: () => ({
    'bolt.report': ({ position, wanted }, honest) => (position === 'between' && wanted !== null ? wanted : honest),
  }),
};
