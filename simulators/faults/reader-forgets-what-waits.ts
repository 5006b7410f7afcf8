import type { Fault } from '../decisions.ts';

export const fault: Fault = {
  name: 'reader-forgets-what-waits',
  defects: ['LINK-14'],
  sentence: 'Of what waits in a wired reader only the newest is told.',
  hard: null,
  hooks: () => ({ 'reader.give': ({ kept }) => ({ given: kept.at(-1) ?? null, stays: [] }) }),
};
