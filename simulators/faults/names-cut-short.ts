import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'names-cut-short',
  defects: ['RES-04'],
  sentence: 'Long names are cut to 32 characters without a word.',
  hard: null,
  hooks: () => ({
    'grant.store': (_given, honest) => ({
      ...honest,
      name: honest.name === null ? null : [...honest.name].slice(0, 32).join(''),
    }),
  }),
};
