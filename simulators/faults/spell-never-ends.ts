import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'spell-never-ends',
  defects: ['STATE-12'],
  sentence: 'A mode that was set for a time stays when that is over.',
  hard: null,
  hooks: () => ({
    'mode.in-force': ({ spell, deviceMs }, honest) => (deviceMs >= spell.endMs ? spell.mode : honest),
  }),
};
