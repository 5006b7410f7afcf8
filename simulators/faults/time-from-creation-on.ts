import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'time-from-creation-on',
  defects: ['TIME-27'],
  sentence: 'The time for which a code opens is counted from when it was set, not from its first use.',
  hard: null,
  hooks: () => ({
    'use.first': ({ because, held, deviceMs }, honest) => (because === 'set' ? (held?.firstMs ?? deviceMs) : honest),
  }),
};
