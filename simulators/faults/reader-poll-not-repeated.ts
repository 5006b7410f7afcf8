import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-poll-not-repeated',
  defects: ['LINK-14'],
  sentence:
    'To a poll that is repeated under its number a wired reader gives what comes next, and what its panel did not hear is lost.',
  hard: null,
  hooks: () => ({ 'reader.poll': () => false }),
};
