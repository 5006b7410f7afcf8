import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'each-use-begins-anew',
  defects: ['TIME-27'],
  sentence: 'The time that a code has from its first use on begins anew with each use.',
  hard: null,
  hooks: () => ({
    'use.first': ({ because, deviceMs }, honest) => (because === 'opened' ? deviceMs : honest),
  }),
};
