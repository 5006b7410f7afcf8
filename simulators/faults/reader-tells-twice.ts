import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-tells-twice',
  defects: ['LINK-14'],
  sentence: 'A wired reader tells its panel twice of what was done at it.',
  hard: null,
  hooks: () => {
    let isTold = false;
    return {
      'reader.give': ({ kept }, honest) => {
        isTold = !isTold && honest.given !== null;
        return isTold ? { given: honest.given, stays: kept } : honest;
      },
    };
  },
};
