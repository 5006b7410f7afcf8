import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-takes-key-after-power',
  defects: ['LINK-11'],
  sentence: 'A wired reader takes a new key in clear from when power comes back until its panel has greeted it.',
  hard: null,
  hooks: () => ({ 'reader.clear': ({ command, isFresh }, honest) => honest || (isFresh && command === 'key') }),
};
