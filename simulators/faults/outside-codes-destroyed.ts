import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'outside-codes-destroyed',
  defects: ['PROV-02', 'MULTI-12'],
  sentence: 'Codes that were set at the lock are cleared as unknown.',
  hard: null,
  hooks: () => ({
    outside: ({ table, own }) => ({
      added: [],
      removed: [],
      clear: table.map(({ slot }) => slot).filter((slot) => !own.some((grant) => grant.slot === slot)),
    }),
  }),
};
