import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-opens-unasked',
  defects: ['LINK-10'],
  sentence:
    'A wired reader takes a proof by keys that are all zero, as they are in its memory after a loss of power, without a challenge before.',
  hard: null,
  hooks: () => ({ 'reader.unasked': ({ isFresh }) => isFresh }),
};
